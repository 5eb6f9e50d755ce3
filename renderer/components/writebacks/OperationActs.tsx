import type { Operation } from '../../../shared/operations'
import { useClient } from '../../state/client'
import { refuse } from '../../state/toasts'
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
          Pause
        </ActButton>
      )}
      {state === 'paused' && (
        <ActButton refusal={null} primary onAct={act('operations:resume')}>
          Continue
        </ActButton>
      )}
      {(state === 'running' || state === 'paused' || state === 'following') && (
        <ActButton refusal={null} onAct={act('operations:abort')}>
          {state === 'following' ? 'Stop waiting' : 'Stop'}
        </ActButton>
      )}
      {state === 'interrupted' && (
        <>
          <ActButton refusal={null} primary onAct={act('operations:resume')}>
            Continue
          </ActButton>
          <ActButton refusal={null} onAct={act('operations:close')}>
            Close without continuing
          </ActButton>
        </>
      )}
      {undo.kind === 'allowed' && (
        <ActButton refusal={null} onAct={act('operations:undo')}>
          Undo
        </ActButton>
      )}
    </>
  )
}
