import type { RunDetail, Step } from '../../shared/runs'
import { toStateChanges } from '../state/stateChanges'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { runTexts } from '../texts/en/run'
import { StateChanges } from './StateChanges'

/** What a step changed of the run's state, fetched when it is shown. */
export function StepChanges({ run, step }: { readonly run: RunDetail; readonly step: Step }) {
  const { value, failure } = useMirror(
    `state ${run.id} ${step.id} ${step.status} ${step.completedAt} ${step.attempts.length}`,
    (client) => client.request('runs:stepState', { workspaceId: run.workspaceId, runId: run.id, stepId: step.id }),
    [],
  )
  if (failure) return <p role="alert">{failure.message}</p>
  if (!value) return <p className={controls.secondary}>{runTexts.loadingDots}</p>
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
