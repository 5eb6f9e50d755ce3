import type { LinePlace } from '../files/journal'
import type { FileLine } from '../files/lineReader'
import { foldRun } from './fold'
import { createLineTable, type LineTable, type LineTableParts } from './lineTable'
import { parseStoreLine } from './parseStoreLine'
import type { RowKey, StoreLine } from './rows'
import { createRunIndex, type RunIndex, type RunIndexParts, type RunNode, type Taken } from './runIndex'
import { createScannedLine, scanLine, scannedRow } from './scanLine'

/** What a line of the file turned out to be. */
export interface TakenLine {
  /** The run it belongs to; undefined when it is no row. */
  readonly runId: string | undefined
  /** Undefined also when the line was only scanned. */
  readonly line: StoreLine | undefined
  /** The run that lost a step to this one. */
  readonly movedFrom?: string | undefined
  readonly problem?: { readonly code: string; readonly message: string } | undefined
}

/** The lines of one file and the runs that they tell of. */
export interface RunTable {
  readonly index: RunIndex
  /** Takes the next line of the file. */
  readonly take: (line: FileLine) => TakenLine
  /** Takes a line of ours of which it is certain where it stands; its row was taken already. Gives its index. */
  readonly placeOwn: (row: RowKey, place: LinePlace) => number
  readonly place: (line: number) => LinePlace
  /** The lines of a run behind the line `after`, oldest first. */
  readonly linesOf: (run: RunNode, after: number) => number[]
  readonly size: () => number
  readonly endOffset: () => number
  readonly toParts: () => RunTableParts
}

export interface RunTableParts {
  readonly lines: LineTableParts
  readonly index: RunIndexParts
  readonly endOffset: number
}

export function createRunTable(parts?: RunTableParts): RunTable {
  const lines: LineTable = createLineTable(parts?.lines)
  const index = createRunIndex(parts?.index)
  let endOffset = parts?.endOffset ?? 0
  const scanned = createScannedLine()

  const addLine = ({ offset, length }: { readonly offset: number; readonly length: number }): number => {
    endOffset = offset + length + 1
    return lines.add(offset)
  }
  const link = (number: number, taken: Taken): Taken => {
    lines.link(number, taken.previousLine)
    return taken
  }
  const takeRow = (line: StoreLine, number: number): Taken =>
    link(number, line.kind === 'run' ? index.takeRun(line.row, number) : index.takeStep(line.row, number))
  const takeScanned = (bytes: Buffer, number: number): Taken | undefined => {
    const { kind, idAt, runIdAt, status, updatedMs } = scanned
    if (kind === 'step') return index.takeScannedStep({ bytes, idAt, runIdAt, status, updatedMs }, number)
    return index.takeScannedRun({ bytes, idAt, view: foldRun(scannedRow(bytes, scanned)) }, number)
  }
  const toTaken = (line: StoreLine | undefined, { runId, complaint, movedFrom }: Taken): TakenLine => ({
    runId,
    line,
    movedFrom,
    problem: complaint === undefined ? undefined : { code: 'line_after_end', message: complaint },
  })

  return {
    index,
    take: (fileLine) => {
      const number = addLine(fileLine)
      const known = scanLine(fileLine, scanned) ? takeScanned(fileLine.bytes, number) : undefined
      if (known) return toTaken(undefined, link(number, known))
      const parsed = parseStoreLine(fileLine)
      if (parsed === undefined) return nothing
      if ('problem' in parsed) return { runId: undefined, line: undefined, problem: parsed.problem }
      return toTaken(parsed.line, takeRow(parsed.line, number))
    },
    placeOwn: (row, place) => {
      const at = addLine(place)
      link(at, index.place(row, at))
      return at
    },
    place: (line) => lines.place(line, endOffset),
    linesOf: (run, after) => {
      const found: number[] = []
      for (let line = run.lastLine; line > after; line = lines.previous(line)) found.push(line)
      return found.reverse()
    },
    size: lines.size,
    endOffset: () => endOffset,
    toParts: () => ({ lines: lines.toParts(), index: index.toParts(), endOffset }),
  }
}

const nothing: TakenLine = { runId: undefined, line: undefined }
