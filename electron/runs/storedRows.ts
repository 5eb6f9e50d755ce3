import type { Journal, LinePlace } from '../files/journal'
import { type FileLine, lineText, wholeLineBytes } from '../files/lineReader'
import { readPlaces } from './readPlaces'
import type { RunRow, StepRow, StoreLine } from './rows'
import type { RunNode } from './runIndex'
import { type RunMemory, runOf } from './runMemory'
import type { StepNode } from './runSteps'

/** Rows as their newest lines have them, read from the file when they are asked for. */
export interface StoredRows {
  /** The row as its newest line has it, whole. */
  readonly readRow: (node: RunNode | StepNode) => Promise<RunRow | StepRow>
  /** The same for several rows, in their order: of those that stand near each other in the file at once. */
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
    const rows = new Map<string, RunRow | StepRow>()
    const short: (LinePlace & { readonly id: string })[] = []
    const others: (RunNode | StepNode)[] = []
    for (const node of nodes) {
      const place = ownText(node) === undefined ? memory.placeOf(node) : undefined
      if (!place || place.length > wholeLineBytes) others.push(node)
      else short.push({ ...place, number: place.number ?? 0, id: node.id })
    }
    short.sort((one, other) => one.offset - other.offset)
    await Promise.all([
      readPlaces(journal, short, (line, { id }) => rows.set(id, rowOf(lineText(line)))),
      ...others.map(async (node) => rows.set(node.id, await readRow(node))),
    ])
    return nodes.flatMap(({ id }) => rows.get(id) ?? [])
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

function rowOf(text: string): RunRow | StepRow {
  return (JSON.parse(text.trim()) as StoreLine).row
}
