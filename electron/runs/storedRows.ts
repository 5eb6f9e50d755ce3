import type { Journal } from '../files/journal'
import { type FileLine, wholeLineBytes } from '../files/lineReader'
import { parseStoreLine } from './parseStoreLine'
import type { RunRow, StepRow, StoreLine } from './rows'
import type { RunNode } from './runIndex'
import { type RunMemory, runOf } from './runMemory'
import type { StepNode } from './runSteps'

/** Rows as their newest lines have them, read from the file when they are asked for. */
export interface StoredRows {
  /** The row as its newest line has it, whole. */
  readonly readRow: (node: RunNode | StepNode) => Promise<RunRow | StepRow>
  /** As `readRow`, but what stands deep in a very long line of a run, such as the steps of its workflow, is left out. */
  readonly readShown: (node: RunNode) => Promise<RunRow>
  /** The newest line's text as it stands in the file; the row's own text while it is not there. */
  readonly readLine: (node: RunNode | StepNode) => Promise<{ readonly number: number | null; readonly text: string }>
  /** The bytes of the row's newest line. */
  readonly lineBytes: (node: RunNode | StepNode) => number
}

/** Reads rows of a run store; a row of ours that is on its way into the file counts as it is. */
export function createStoredRows(
  memory: Pick<RunMemory, 'own' | 'placeOf'>,
  journal: Pick<Journal, 'readBytes' | 'scan'>,
): StoredRows {
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
    return (JSON.parse(text.trim()) as StoreLine).row
  }

  /** The last very long line that was read, and what was left of it: whoever shows a run asks again and again. */
  let longest: { readonly id: string; readonly offset: number; readonly row: RunRow } | undefined

  return {
    readLine,
    readRow,
    readShown: async (node) => {
      const place = ownText(node) === undefined ? memory.placeOf(node) : undefined
      if (place === undefined || place.length <= wholeLineBytes) return (await readRow(node)) as RunRow
      if (longest?.id === node.id && longest.offset === place.offset) return longest.row
      let row: RunRow | undefined
      const onLine = (line: FileLine): void => {
        const parsed = parseStoreLine(line)
        if (parsed && 'line' in parsed && parsed.line.kind === 'run') row = parsed.line.row
      }
      await journal.scan({ from: place.offset, to: place.offset + place.length + 1, onLine })
      if (row === undefined) return (await readRow(node)) as RunRow
      longest = { id: node.id, offset: place.offset, row }
      return row
    },
    lineBytes: (node) => memory.placeOf(node)?.length ?? 0,
  }
}
