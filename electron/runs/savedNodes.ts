import { once } from './fold'
import type { RunNode } from './runIndex'

/** A run as a snapshot brings it back; its id and number follow from its place. */
export type SavedNode = Omit<RunNode, 'id' | 'number'>

/** listed, name, status, error, started, completed, updated, step counts, start in ms, activity in ms, two lines */
type SavedRow = readonly [
  boolean,
  string,
  string,
  string | null,
  string | null,
  string | null,
  string | null,
  readonly [number, number, number, number, number, number],
  number,
  number | null,
  number,
  number,
]
const rowLength = 12

/** The runs with these numbers as short rows. A number without a run, of which no line was taken, gives an empty one. */
export function rowsOfNodes(
  nodes: readonly (SavedNode | undefined)[],
  { from, to }: { readonly from: number; readonly to: number },
): SavedRow[] {
  return Array.from({ length: Math.min(to, nodes.length) - from }, (_, index) => toRow(nodes[from + index]))
}

function toRow(node: SavedNode | undefined): SavedRow {
  if (!node) return [false, '', '', null, null, null, null, [0, 0, 0, 0, 0, 0], 0, null, -1, -1]
  const { view, counts } = node
  return [
    node.listed,
    view.workflowName,
    view.status,
    view.error,
    view.startedAt,
    view.completedAt,
    view.updatedAt,
    [counts.total, counts.pending, counts.running, counts.completed, counts.failed, counts.skipped],
    node.startedMs,
    node.lastActivityMs,
    node.rowLine,
    node.lastLine,
  ]
}

/**
 * The runs of such rows. Throws when they are none. The checksum of the whole snapshot vouches for what the rows hold:
 * looking at every field again would take as long as all the rest of opening it.
 */
export function nodesFromRows(value: unknown): SavedNode[] {
  if (!Array.isArray(value) || !value.every(isRow)) throw new Error('These are no rows of runs.')
  return value.map(toNode)
}

function isRow(value: unknown): value is SavedRow {
  return Array.isArray(value) && value.length === rowLength && Array.isArray(value[7])
}

function toNode(row: SavedRow): SavedNode {
  const [listed, workflowName, status, error, startedAt, completedAt, updatedAt, counts, ...rest] = row
  const [startedMs, lastActivityMs, rowLine, lastLine] = rest
  const [total, pending, running, completed, failed, skipped] = counts
  return {
    listed,
    view: { workflowName: once(workflowName), status: once(status), error, startedAt, completedAt, updatedAt },
    counts: { total, pending, running, completed, failed, skipped },
    startedMs,
    lastActivityMs,
    rowLine,
    lastLine,
  }
}
