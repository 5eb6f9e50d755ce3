import type { RunDetail, Step } from '../../shared/runs'
import { StepChoice } from '../components/StepChoice'
import controls from '../styles/controls.module.css'
import styles from './RunScreen.module.css'

/** The state that the steps of a run share. */
export function StateScreen({
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
        <StepChoice steps={run.steps} chosen={step?.id ?? null} onSelect={onSelect} />
      </div>
      <div className={styles.evidence}>
        <pre className={controls.code}>{JSON.stringify(run.state, null, 2)}</pre>
      </div>
    </>
  )
}
