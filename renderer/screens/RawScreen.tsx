import type { RunDetail, Step } from '../../shared/runs'
import { StepChoice } from '../components/StepChoice'
import { StoredLine } from '../components/StoredLine'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import styles from './RunScreen.module.css'

/** The newest stored line of the chosen step, or of the run, as it stands in the file. */
export function RawScreen({
  run,
  step,
  onSelect,
}: {
  readonly run: RunDetail
  readonly step: Step | undefined
  readonly onSelect: (stepId: string) => void
}) {
  return (
    <>
      <div className={controls.bar}>
        <StepChoice run={run} chosen={step} onSelect={onSelect} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className={styles.evidence} aria-label={runTexts.storedLines} tabIndex={0}>
        {step && (
          <>
            <h2>{runTexts.lineOfTheStep(step.name)}</h2>
            <StoredLine key={step.id} run={run} step={step} />
          </>
        )}
        <h2>{runTexts.lineOfTheRun}</h2>
        <StoredLine run={run} step={null} />
      </section>
    </>
  )
}
