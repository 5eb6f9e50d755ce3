import type { RunNode } from './runIndex'

/** The nodes of an index in few bytes, which are read in a fraction of the time that an object of JSON for each takes. */
export interface NodeColumns {
  /**
   * Twelve for each node: whether there is one and whether it is listed, its workflow, status and error as places in the
   * table of texts of its block (-1: none), the lines `rowLine` and `lastLine`, and the counts of its steps.
   */
  readonly fields: Int32Array
  /** The start and the last activity of each node in turn, in ms; NaN for none. */
  readonly times: Float64Array
}

const stride = 12
const [noNode, unlisted, listed] = [0, 1, 2]

/** The texts of a block: those that repeat, once, and of each node its id and times; 0 for the same text as the one before. */
type BlockTexts = readonly [readonly string[], readonly (string | null | 0)[]]

export function createNodeColumns(size: number): NodeColumns {
  return { fields: new Int32Array(stride * size), times: new Float64Array(2 * size) }
}

/** Fills in the columns for the nodes from this number on; gives their texts as JSON. */
export function writeNodes(
  nodes: readonly (RunNode | null | undefined)[],
  { fields, times }: NodeColumns,
  from: number,
): string {
  const table = new Map<string, number>()
  const placeOf = (text: string): number => {
    const place = table.get(text) ?? table.size
    table.set(text, place)
    return place
  }
  const own: (string | null | 0)[] = []
  nodes.forEach((node, index) => {
    if (!node) return
    const number = from + index
    const { view, counts } = node
    const { total, pending, running, completed, failed, skipped } = counts
    fields.set(
      [
        ...[node.listed ? listed : unlisted, placeOf(view.workflowName), placeOf(view.status)],
        ...[view.error === null ? -1 : placeOf(view.error), node.rowLine, node.lastLine],
        ...[total, pending, running, completed, failed, skipped],
      ],
      stride * number,
    )
    times.set([node.startedMs, node.lastActivityMs ?? Number.NaN], 2 * number)
    const { startedAt, completedAt, updatedAt } = view
    own.push(node.id, startedAt, completedAt, updatedAt === completedAt ? 0 : updatedAt)
  })
  return JSON.stringify([[...table.keys()], own] satisfies BlockTexts)
}

/** Adds to `nodes` those of a block of so many, whose texts these are. `shared` keeps the texts that blocks have in common. */
export function readNodes(
  nodes: (RunNode | null)[],
  json: string,
  { fields, times }: NodeColumns,
  { count, shared }: { readonly count: number; readonly shared: Map<string, string> },
): void {
  // The checksum of the whole snapshot vouches for it: to look at each field again would take longer than all the rest.
  const [table, own] = JSON.parse(json) as BlockTexts
  const texts = table.map((text) => {
    const known = shared.get(text)
    if (known === undefined) shared.set(text, text)
    return known ?? text
  })
  const textAt = (place: number): string => texts[place] ?? ''
  let next = 0
  const ownText = (before: string | null): string | null => {
    const text = own[next++] ?? null
    return text === 0 ? before : text
  }
  for (let index = 0; index < count; index++) {
    const number = nodes.length
    const at = stride * number
    const is = fields[at] ?? noNode
    if (is === noNode) {
      nodes.push(null)
      continue
    }
    const error = fields[at + 3] ?? -1
    const lastActivityMs = times[2 * number + 1] ?? Number.NaN
    const id = ownText(null) ?? ''
    const startedAt = ownText(null)
    const completedAt = ownText(null)
    nodes.push({
      id,
      number,
      view: {
        workflowName: textAt(fields[at + 1] ?? 0),
        status: textAt(fields[at + 2] ?? 0),
        error: error === -1 ? null : textAt(error),
        startedAt,
        completedAt,
        updatedAt: ownText(completedAt),
      },
      counts: {
        total: fields[at + 6] ?? 0,
        pending: fields[at + 7] ?? 0,
        running: fields[at + 8] ?? 0,
        completed: fields[at + 9] ?? 0,
        failed: fields[at + 10] ?? 0,
        skipped: fields[at + 11] ?? 0,
      },
      startedMs: times[2 * number] ?? 0,
      lastActivityMs: Number.isNaN(lastActivityMs) ? null : lastActivityMs,
      rowLine: fields[at + 4] ?? -1,
      lastLine: fields[at + 5] ?? -1,
      listed: is === listed,
    })
  }
}
