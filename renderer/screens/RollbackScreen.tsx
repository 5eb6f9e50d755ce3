import type { RollbackPlan } from '../../shared/runs'
import { ConfirmDialog } from '../components/ConfirmDialog'
import { RollbackSteps } from '../components/RollbackSteps'
import { useClient } from '../state/client'
import { showToast } from '../state/toasts'
import { useMirror } from '../state/useMirror'
import { runTexts } from '../texts/en/run'
import { counted } from '../texts/words'

/** Shows what rolling a run back would do, and does it when that is confirmed. */
export function RollbackScreen({
  run,
  onClose,
}: {
  readonly run: { readonly workspaceId: string; readonly id: string; readonly workflowName: string }
  readonly onClose: () => void
}) {
  const client = useClient()
  const at = { workspaceId: run.workspaceId, runId: run.id }
  const { value, failure } = useMirror(
    `rollback ${JSON.stringify(at)}`,
    (asked) => asked.request('runs:planRollback', at),
    ['runs:changed'],
  )
  const refused = failure?.message ?? value?.refused ?? null
  const count = counted(value?.steps.length ?? 0, runTexts.step)
  const rollBack = async (): Promise<void> => {
    await client.request('runs:rollback', { ...at, confirmed: true })
    showToast({ tone: 'done', text: runTexts.rollingOfBack(count, run.workflowName), action: null })
  }
  return (
    <ConfirmDialog
      title={runTexts.rollBackWorkflowName(run.workflowName)}
      text={textOf(value, refused)}
      act={runTexts.rollBackCount(count)}
      disabled={value === null || refused !== null}
      onConfirm={rollBack}
      onClose={onClose}
    >
      {value && <RollbackSteps steps={value.steps} />}
    </ConfirmDialog>
  )
}

function textOf(plan: RollbackPlan | null, refused: string | null): string {
  if (refused !== null) return runTexts.thisCannotBeRolled(refused)
  return plan?.question ?? runTexts.theRollbackCommandsOfTheseCompleted
}
