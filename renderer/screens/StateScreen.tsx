import type { RunDetail, Step } from '../../shared/runs'
import { StateChanges } from '../components/StateChanges'
import { StepChoice } from '../components/StepChoice'
import { toStateChanges } from '../state/stateChanges'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
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
        <section className={styles.evidence} aria-label="What the step changed" tabIndex={0}>
          {step && <StepChanges key={step.id} run={run} step={step} />}
        </section>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above */}
        <section className={styles.evidence} aria-label="The state now" tabIndex={0}>
          <h2>The state now</h2>
          {keys === 0 ? (
            <p className={controls.secondary}>
              It is empty. A step puts values there by writing JSON to the file named in <code>RUNDESK_STATE</code>.
            </p>
          ) : (
            <pre className={controls.code}>{JSON.stringify(run.state, null, 2)}</pre>
          )}
        </section>
      </div>
    </>
  )
}

function StepChanges({ run, step }: { readonly run: RunDetail; readonly step: Step }) {
  const { value, failure } = useMirror(
    `state ${run.id} ${step.id} ${step.status} ${step.completedAt} ${step.attempts.length}`,
    (client) => client.request('runs:stepState', { workspaceId: run.workspaceId, runId: run.id, stepId: step.id }),
    [],
  )
  if (failure) return <p role="alert">{failure.message}</p>
  if (!value) return <p className={controls.secondary}>Loading…</p>
  return (
    <StateChanges
      name={step.name}
      committed={value.patch !== null}
      finished={step.status === 'completed'}
      changes={toStateChanges(value)}
      before={value.before}
      conflicts={step.stateConflicts ?? []}
    />
  )
}
