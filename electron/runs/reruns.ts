import { runDetailSchema } from '../../shared/runs'
import type { RunNode } from './runIndex'
import type { RunStore } from './runStore'

/** Looking for re-runs reads the rows of at most so many runs. */
const mostRead = 200

/** A run that repeats a part of another one. */
export interface Rerun {
  readonly runId: string
  /** The step that was chosen; null when only what was not completed ran. */
  readonly from: string | null
  readonly status: string
  readonly startedAt: string | null
}

/** Of which run this row's run repeats a part, and from which step; null for none. */
export function parentOf(row: { readonly rundesk?: Readonly<Record<string, unknown>> | undefined }) {
  return runDetailSchema.shape.parent.safeParse(row.rundesk?.parent).data ?? null
}

/** The re-runs of a run, newest first, as far as they are among the newest runs of the same workflow. */
export async function rerunsOf(store: Pick<RunStore, 'runs' | 'readRow'>, run: RunNode): Promise<readonly Rerun[]> {
  const nodes = store.runs()
  const candidates: RunNode[] = []
  for (let index = nodes.length - 1; index >= 0 && candidates.length < mostRead; index--) {
    const node = nodes[index]
    if (!node || node.id === run.id) break
    if (node.view.workflowName === run.view.workflowName) candidates.push(node)
  }
  const found: Rerun[] = []
  for (const node of candidates) {
    const parent = parentOf(await store.readRow(node))
    if (parent?.runId !== run.id) continue
    const { status, startedAt } = node.view
    found.push({ runId: node.id, from: parent.from, status, startedAt })
  }
  return found
}
