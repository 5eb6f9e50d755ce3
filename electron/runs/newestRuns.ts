import type { Journal } from '../files/journal'
import type { FileLine } from '../files/lineReader'
import { parseStoreLine } from './parseStoreLine'
import type { RunNode } from './runIndex'
import { createRunTable, type RunTable } from './runTable'

const firstTailBytes = 4 * 1024 * 1024
const maxTailBytes = 64 * 1024 * 1024
const wantedRuns = 200

/**
 * The newest runs of a large store, from the end of its file alone. Lines stand in the order of their time, so a run that
 * started after the first line that was read has all its lines behind it; an older one that a late line tells of, a run
 * resumed after weeks, has not, and is left out until the whole file is read.
 */
export async function readNewestRuns(
  journal: Pick<Journal, 'scan'>,
  { size, signal }: { readonly size: number; readonly signal: AbortSignal },
): Promise<{ readonly table: RunTable; readonly runs: readonly RunNode[] }> {
  for (let tailBytes = firstTailBytes; ; tailBytes *= 2) {
    const from = Math.max(0, size - tailBytes)
    const table = createRunTable()
    let firstMs: number | undefined
    let partial = from > 0
    await journal.scan({
      from,
      signal,
      onLine: (line) => {
        if (partial) {
          partial = false
          return
        }
        table.take(line)
        firstMs ??= timeOf(line)
      },
    })
    const runs = table.index.runs().filter(({ startedMs }) => startedMs > (firstMs ?? 0))
    if (runs.length >= wantedRuns || tailBytes >= maxTailBytes || from === 0 || signal.aborted) return { table, runs }
  }
}

function timeOf(line: FileLine): number | undefined {
  const parsed = parseStoreLine(line)
  const at = parsed && 'line' in parsed ? Date.parse(parsed.line.row.updatedAt ?? '') : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
