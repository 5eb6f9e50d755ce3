import type { Journal } from '../files/journal'
import { type FileLine, lineText, wholeLineBytes } from '../files/lineReader'
import type { RunRow, StepRow, StoreLine } from './rows'
import type { RunNode } from './runIndex'
import { type RunMemory, runOf } from './runMemory'
import type { StepNode } from './runSteps'

/** Rows as their newest lines have them, read from the file when they are asked for. */
export interface StoredRows {
  /** The row as its newest line has it, whole. */
  readonly readRow: (node: RunNode | StepNode) => Promise<RunRow | StepRow>
  /** The same for the rows of one run, in their order: of those that stand near each other in the file at once. */
  readonly readRows: (nodes: readonly (RunNode | StepNode)[]) => Promise<readonly (RunRow | StepRow)[]>
  /** As `readRow`, but what stands deep in a very long line of a run, such as the steps of its workflow, is left out. */
  readonly readShown: (node: RunNode) => Promise<RunRow>
  /** As `readRow`, but of a very long line every long text is cut, its output to 4 KiB, and what stands deep is left out. */
  readonly readHead: (node: RunNode | StepNode) => Promise<RunRow | StepRow>
  /** The newest line's text as it stands in the file; the row's own text while it is not there. */
  readonly readLine: (node: RunNode | StepNode) => Promise<{ readonly number: number | null; readonly text: string }>
  /** The bytes of the row's newest line. */
  readonly lineBytes: (node: RunNode | StepNode) => number
}

/** So many bytes at most are read at once for several rows, with no longer gaps between them. */
const readAtOnceBytes = 1024 * 1024
const gapBytes = 64 * 1024

/**
 * Reads rows of a run store; a row of ours that is on its way into the file counts as it is. `forget` is called when the file
 * is another one.
 */
export function createStoredRows(
  memory: Pick<RunMemory, 'own' | 'placeOf'>,
  journal: Pick<Journal, 'readBytes' | 'scan'>,
): StoredRows & { readonly forget: () => void } {
  const ownText = (node: RunNode | StepNode): string | undefined =>
    memory.own.list(runOf(node)).findLast((line) => line.id === node.id)?.text

  const readLine: StoredRows['readLine'] = async (node) => {
    const own = ownText(node)
    if (own !== undefined) return { number: null, text: own }
    const place = memory.placeOf(node)
    if (!place) return { number: null, text: '' }
    return { number: place.number, text: (await journal.readBytes(place)).toString('utf8') }
  }
  const readRow: StoredRows['readRow'] = async (node) => {
    const { text } = await readLine(node)
    return rowOf(text)
  }
  const readRows: StoredRows['readRows'] = async (nodes) => {
    const [first] = nodes
    if (!first) return []
    const own = new Map(memory.own.list(runOf(first)).map(({ id, text }) => [id, text]))
    const rows = new Map<string, RunRow | StepRow>()
    const placed = nodes.flatMap((node) => {
      const place = own.has(node.id) ? undefined : memory.placeOf(node)
      return place ? [{ ...place, id: node.id }] : []
    })
    for (const group of nearEachOther(placed)) {
      const [from, to] = [group[0]?.offset ?? 0, endOf(group.at(-1))]
      const bytes = await journal.readBytes({ offset: from, length: to - from })
      for (const { id, offset, length } of group)
        rows.set(id, rowOf(bytes.toString('utf8', offset - from, offset - from + length)))
    }
    return nodes.map(({ id }) => rows.get(id) ?? rowOf(own.get(id) ?? ''))
  }

  const readHead: StoredRows['readHead'] = async (node) => {
    const place = ownText(node) === undefined ? memory.placeOf(node) : undefined
    if (place === undefined || place.length <= wholeLineBytes) return readRow(node)
    let text = ''
    const onLine = (line: FileLine): void => {
      text = lineText(line)
    }
    await journal.scan({ from: place.offset, to: place.offset + place.length + 1, onLine })
    return text === '' ? readRow(node) : rowOf(text)
  }
  /** The last line of a run that was read: whoever shows a run asks again and again. */
  let last: { readonly id: string; readonly offset: number; readonly row: RunRow } | undefined

  return {
    readLine,
    readRow,
    readRows,
    readHead,
    readShown: async (node) => {
      const offset = ownText(node) === undefined ? memory.placeOf(node)?.offset : undefined
      if (offset !== undefined && last?.id === node.id && last.offset === offset) return last.row
      const row = (await readHead(node)) as RunRow
      if (offset !== undefined) last = { id: node.id, offset, row }
      return row
    },
    lineBytes: (node) => memory.placeOf(node)?.length ?? 0,
    forget: () => {
      last = undefined
    },
  }
}

interface Placed {
  readonly id: string
  readonly offset: number
  readonly length: number
}

function rowOf(text: string): RunRow | StepRow {
  return (JSON.parse(text.trim()) as StoreLine).row
}

function endOf(place: Placed | undefined): number {
  return place ? place.offset + place.length : 0
}

/** Groups of places that are read at once, in the order of the file. */
function nearEachOther(places: readonly Placed[]): readonly (readonly Placed[])[] {
  const groups: Placed[][] = []
  for (const place of places.toSorted((a, b) => a.offset - b.offset)) {
    const group = groups.at(-1)
    const isNear =
      group !== undefined &&
      place.offset - endOf(group.at(-1)) <= gapBytes &&
      endOf(place) - (group[0]?.offset ?? 0) <= readAtOnceBytes
    if (isNear) group.push(place)
    else groups.push([place])
  }
  return groups
}
