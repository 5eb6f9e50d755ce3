import type { RunDetail, Step } from '../../shared/runs'
import { PayloadText } from '../components/PayloadText'
import { StepChanges } from '../components/StepChanges'
import { StepChoice } from '../components/StepChoice'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import styles from './RunScreen.module.css'

/** What the chosen step changed of the state that the steps of a run share, and what the state is now. */
export function StateScreen({
  run,
  step,
  onSelect,
}: {
  readonly run: RunDetail
  readonly step: Step | undefined
  readonly onSelect: (stepId: string) => void
}) {
  const keys = Object.keys(run.state).length
  return (
    <>
      <div className={controls.bar}>
        <StepChoice run={run} chosen={step} onSelect={onSelect} />
      </div>
      <div className={styles.columns}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <section className={styles.evidence} aria-label={runTexts.whatTheStepChanged} tabIndex={0}>
          {step && <StepChanges key={step.id} run={run} step={step} />}
        </section>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above */}
        <section className={styles.evidence} aria-label={runTexts.theStateNow} tabIndex={0}>
          <h2>{runTexts.theStateNow}</h2>
          {keys === 0 ? (
            <p className={controls.secondary}>
              {runTexts.itIsEmptyAStep} <code>RUNDESK_STATE</code>.
            </p>
          ) : (
            <PayloadText label={runTexts.theState} text={JSON.stringify(run.state, null, 2)} />
          )}
        </section>
      </div>
    </>
  )
}
