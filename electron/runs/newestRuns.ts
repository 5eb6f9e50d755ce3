import type { Journal } from '../files/journal'
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
    let firstMs = Number.NaN
    let partial = from > 0
    await journal.scan({
      from,
      signal,
      onLine: (line) => {
        if (partial) {
          partial = false
          return
        }
        const { line: row } = table.take(line)
        if (Number.isNaN(firstMs) && row?.row.updatedAt !== undefined) firstMs = Date.parse(row.row.updatedAt)
      },
    })
    const runs = table.index.runs().filter(({ startedMs }) => startedMs > firstMs)
    if (runs.length >= wantedRuns || tailBytes >= maxTailBytes || from === 0 || signal.aborted) return { table, runs }
  }
}
