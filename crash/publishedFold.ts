import { readFile } from 'node:fs/promises'

/** What the published reader makes of the lines of a run store, in the order in which ids first appear. */
export interface PublishedFold {
  readonly runs: ReadonlyMap<string, unknown>
  readonly steps: ReadonlyMap<string, unknown>
  /** Lines that it skips without a word. */
  readonly skipped: number
}

/**
 * Folds a run store as the published packages do (docs/formats.md, "Run store"): the last line of an id wins, whole;
 * what is no JSON is skipped; whatever is no run counts as a step.
 */
export async function foldAsPublished(file: string): Promise<PublishedFold> {
  const runs = new Map<string, unknown>()
  const steps = new Map<string, unknown>()
  let skipped = 0
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (line.trim() === '') continue
    try {
      const { kind, row } = JSON.parse(line.trim()) as { readonly kind: unknown; readonly row: { readonly id: string } }
      if (kind === 'run') runs.set(row.id, row)
      else steps.set(row.id, row)
    } catch {
      skipped++
    }
  }
  return { runs, steps, skipped }
}
