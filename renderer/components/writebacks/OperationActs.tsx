import type { Operation } from '../../../shared/operations'
import { useClient } from '../../state/client'
import { refuse } from '../../state/toasts'
import { operationsTexts } from '../../texts/en/operations'
import { ActButton } from '../ActButton'

type Control = 'operations:pause' | 'operations:resume' | 'operations:abort' | 'operations:close' | 'operations:undo'

/** What a person can do with an operation now. */
export function OperationActs({ operation, onActed }: { readonly operation: Operation; readonly onActed: () => void }) {
  const client = useClient()
  const { id: operationId, state, undo } = operation
  const act = (channel: Control) => (): void => {
    client.request(channel, { operationId }).then(onActed, refuse)
  }
  return (
    <>
      {state === 'running' && (
        <ActButton refusal={null} onAct={act('operations:pause')}>
          {operationsTexts.pause}
        </ActButton>
      )}
      {state === 'paused' && (
        <ActButton refusal={null} primary onAct={act('operations:resume')}>
          {operationsTexts.continue}
        </ActButton>
      )}
      {(state === 'running' || state === 'paused' || state === 'following') && (
        <ActButton refusal={null} onAct={act('operations:abort')}>
          {state === 'following' ? operationsTexts.stopWaiting : operationsTexts.stop}
        </ActButton>
      )}
      {state === 'interrupted' && (
        <>
          <ActButton refusal={null} primary onAct={act('operations:resume')}>
            {operationsTexts.continue}
          </ActButton>
          <ActButton refusal={null} onAct={act('operations:close')}>
            {operationsTexts.closeWithoutContinuing}
          </ActButton>
        </>
      )}
      {undo.kind === 'allowed' && (
        <ActButton refusal={null} onAct={act('operations:undo')}>
          {operationsTexts.undo}
        </ActButton>
      )}
    </>
  )
}
