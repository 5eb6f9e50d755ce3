import { crc32 } from 'node:zlib'
import type { Journal } from '../files/journal'
import type { FileLine } from '../files/lineReader'
import { parseStoreLine } from './parseStoreLine'
import { createProblemList, type LineProblems } from './problemList'
import { type QuickStep, readQuickRun, readQuickStep, stepStatuses } from './quickLine'

/** What a whole look at the lines of a file gave. */
export interface Validation {
  readonly problems: LineProblems
  /** Some line is not what its beginning said: the file has to be read again, whole lines at once. */
  readonly misread: boolean
  /** CRC-32 of all bytes looked at. */
  readonly checksum: number
}

/**
 * Parses every line that was taken by its beginning. `earlier` are the problems found then: those that come from the order
 * of lines are kept. Undefined when `signal` stopped it.
 */
export async function validateLines(
  journal: Pick<Journal, 'scan'>,
  {
    path,
    to,
    earlier,
    signal,
  }: { readonly path: string; readonly to: number; readonly earlier: LineProblems; readonly signal: AbortSignal },
): Promise<Validation | undefined> {
  const problems = createProblemList(path)
  const late = earlier.kept.filter(({ code }) => code === 'line_after_end')
  let number = 0
  let misread = false
  let checksum = 0
  const quick: QuickStep = { idAt: 0, runIdAt: 0, status: 0, updatedMs: 0 }

  const check = (line: FileLine): void => {
    number++
    const parsed = parseStoreLine(line)
    if (parsed === undefined) return
    if ('problem' in parsed) {
      problems.add(parsed.problem.code, number, parsed.problem.message)
      if (readQuickStep(line, quick) || readQuickRun(line)) misread = true
      return
    }
    if (parsed.line.kind !== 'step' || !readQuickStep(line, quick)) return
    const { row } = parsed.line
    if (row.status !== stepStatuses[quick.status] || Date.parse(row.updatedAt ?? '') !== quick.updatedMs) misread = true
  }
  await journal.scan({
    from: 0,
    to,
    signal,
    onLine: check,
    onBytes: (bytes) => {
      checksum = crc32(bytes, checksum)
    },
  })
  if (signal.aborted) return undefined
  const found = problems.lines()
  const kept = [...found.kept, ...late].sort((left, right) => (left.line ?? 0) - (right.line ?? 0))
  return { problems: { kept, total: found.total + late.length }, misread, checksum }
}

/** CRC-32 of the first `to` bytes; undefined when `signal` stopped it. */
export async function checksumLines(
  journal: Pick<Journal, 'scan'>,
  { to, signal }: { readonly to: number; readonly signal: AbortSignal },
): Promise<number | undefined> {
  let checksum = 0
  const onBytes = (bytes: Buffer): void => {
    checksum = crc32(bytes, checksum)
  }
  await journal.scan({ from: 0, to, signal, onLine: () => undefined, onBytes })
  return signal.aborted ? undefined : checksum
}
