import { useMirror } from '../../state/useMirror'
import { OperationPanel } from './OperationPanel'

const mostPanels = 3

/**
 * The operations that have not ended, whoever began them, and the one that was begun here last. An interrupted one waits
 * for a person, so it is shown until somebody decides.
 */
export function OpenOperations({
  workspaceId,
  ownId,
  hidden,
  onHide,
}: {
  readonly workspaceId: string | null
  /** The operation that was begun here last; null without one. */
  readonly ownId: string | null
  readonly hidden: ReadonlySet<string>
  readonly onHide: (operationId: string) => void
}) {
  const { value } = useMirror(
    'open operations',
    (client) => client.request('operations:list', { offset: 0, limit: 50 }),
    ['operations:changed'],
  )
  const going = value?.operations.filter(({ state }) => state !== 'ended' && state !== 'following') ?? []
  const ids = [...new Set([...(ownId === null ? [] : [ownId]), ...going.map(({ id }) => id)])]
  return ids
    .filter((id) => !hidden.has(id))
    .slice(0, mostPanels)
    .map((id) => <OperationPanel key={id} operationId={id} workspaceId={workspaceId} onHide={() => onHide(id)} />)
}
