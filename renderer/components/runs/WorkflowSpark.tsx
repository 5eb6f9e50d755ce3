import type { RunAsk } from '../../../shared/runList'
import { useMirror } from '../../state/useMirror'
import { Spark } from './Spark'

/** The outcomes and durations of the newest runs of the one workflow that the list shows. */
export function WorkflowSpark({ ask }: { readonly ask: RunAsk }) {
  const { sort: _, ...asked } = ask
  const { value } = useMirror(
    `workflows ${JSON.stringify(asked)}`,
    (client) => client.request('runs:workflows', { ...asked, limit: 1 }),
    ['runs:changed'],
  )
  const [group] = value?.groups ?? []
  return group ? <Spark runs={group.spark} /> : null
}
