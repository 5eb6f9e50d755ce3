import type { LogLines } from '../../shared/logs'
import type { Failure } from '../../shared/outcome'
import { dropOldest } from '../../shared/rules/dropOldest'

export type LogLine = LogLines['lines'][number]

/** So many lines are asked for at once. */
export const pageSize = 400
const keptPages = 24

interface Facts {
  readonly total: number
  readonly complete: boolean
  readonly found: boolean
  readonly sizeBytes: number
}

/** What is held of a log: what is known of the whole, and its pages, the last that came last. */
export interface LogPages {
  /** Tells which log it is. */
  readonly key: string
  readonly facts: Facts | null
  readonly pages: ReadonlyMap<number, readonly LogLine[]>
  readonly failure: Failure | null
}

/** Nothing is known yet. */
export function emptyPages(key: string): LogPages {
  return { key, facts: null, pages: new Map(), failure: null }
}

/** The line of a row, from 0; undefined while it is not held. */
export function lineAt({ pages }: LogPages, row: number): LogLine | undefined {
  return pages.get(Math.floor(row / pageSize))?.[row % pageSize]
}

/** What an answer tells of the whole log. */
export function toFacts({ totalLines, complete, found, sizeBytes }: LogLines): Facts {
  return { total: totalLines, complete, found, sizeBytes }
}

/** A log that became shorter is another one: nothing of the old one stays. */
export function withFacts(known: LogPages, facts: Facts): LogPages {
  const same = known.facts
  if (same && JSON.stringify(same) === JSON.stringify(facts)) return known
  const anew = same !== null && facts.sizeBytes < same.sizeBytes
  return { ...known, facts, failure: null, pages: anew ? new Map() : known.pages }
}

/** Holds a page too; of too many the one that came first goes. */
export function withPage(
  known: LogPages,
  { page, answer }: { readonly page: number; readonly answer: LogLines },
): LogPages {
  const pages = new Map(known.pages)
  pages.delete(page)
  pages.set(page, answer.lines)
  dropOldest(pages, keptPages)
  const grown = (known.facts?.total ?? 0) <= answer.totalLines ? toFacts(answer) : known.facts
  return { ...known, pages, facts: grown, failure: null }
}

/** The pages of the rows that are not held, or that have more rows, or a longer last one, by now. */
export function wantedPages(
  { facts, pages }: LogPages,
  { first, last, ahead }: { readonly first: number; readonly last: number; readonly ahead: number | null },
): readonly number[] {
  const total = facts?.total ?? 0
  const to = Math.min(last, total - 1)
  const found: number[] = ahead !== null && ahead >= total ? [Math.floor(ahead / pageSize)] : []
  for (let page = Math.floor(Math.max(0, first) / pageSize); page * pageSize <= to; page++) {
    const held = pages.get(page)
    const full = Math.min(pageSize, total - page * pageSize)
    if (!held || held.length < full) found.push(page)
  }
  return found
}
