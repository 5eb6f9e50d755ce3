import { createHash } from 'node:crypto'
import { causeWords } from '../../shared/rules/runCause'

/** A group of equal failures: its key, the same everywhere and always, and its words. */
export interface Cause {
  readonly key: string
  readonly title: string
}

const longest = 20_000
const byError = new Map<string, Cause>()
const byTitle = new Map<string, Cause>()

/** The cause of an error's text; null for a run without one. What was told once is kept: errors repeat. */
export function causeOf(error: string | null): Cause | null {
  if (error === null || error.trim() === '') return null
  const known = byError.get(error)
  if (known) return known
  const title = causeWords(error) || '(no words)'
  const cause = byTitle.get(title) ?? { key: createHash('sha256').update(title).digest('hex').slice(0, 16), title }
  if (byError.size >= longest) byError.clear()
  if (byTitle.size >= longest) byTitle.clear()
  byError.set(error, cause)
  byTitle.set(title, cause)
  return cause
}
