import { useEffect, useRef, useState } from 'react'
import type { LogFilter, LogLines } from '../../shared/logs'
import { type Failure, toFailure } from '../../shared/outcome'
import { useClient } from './client'

export type LogLine = LogLines['lines'][number]

/** Which log is shown, and which part of it. */
export interface LogChoice {
  readonly workspaceId: string
  readonly runId: string
  readonly stepName: string
  /** Null is the newest attempt. */
  readonly attempt: number | null
  /** Is the log of the step's rollback meant? */
  readonly rollback: boolean
  readonly stream: LogFilter
}

/** A log of any length of which only the pages around the screen are held. */
export interface LogLineWindow {
  /** The rows of the stream that are known by now. */
  readonly total: number
  /** False before the first answer. */
  readonly asked: boolean
  readonly complete: boolean
  /** Is there a log at all? */
  readonly found: boolean
  readonly sizeBytes: number
  readonly failure: Failure | null
  /** The line of a row, from 0; undefined until it was fetched. */
  readonly lineAt: (row: number) => LogLine | undefined
}

const pageSize = 400
const keptPages = 24
/** How often a growing log is looked at, in ms. */
const followMs = 400
/** How often one is looked at whose length is not known yet, in ms. */
const measureMs = 60

interface Facts {
  readonly total: number
  readonly complete: boolean
  readonly found: boolean
  readonly sizeBytes: number
}

interface State {
  readonly key: string
  readonly facts: Facts | null
  readonly pages: ReadonlyMap<number, readonly LogLine[]>
  readonly failure: Failure | null
}

const empty = (key: string): State => ({ key, facts: null, pages: new Map(), failure: null })

/**
 * The lines of a log around the rows `first` to `last`; while it is `live` they are followed as they are written. The
 * row `ahead` is asked for although it may not be known yet.
 */
export function useLogLines(
  choice: LogChoice,
  {
    live,
    first,
    last,
    ahead,
  }: { readonly live: boolean; readonly first: number; readonly last: number; readonly ahead: number | null },
): LogLineWindow {
  const client = useClient()
  const key = JSON.stringify(choice)
  const [state, setState] = useState<State>(() => empty(key))
  const shown = state.key === key ? state : empty(key)
  const { facts } = shown
  const newest = useRef(key)
  newest.current = key
  const total = facts?.total ?? 0
  const complete = facts?.complete ?? false

  // The size, again and again while it may grow.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds the choice
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let closed = false
    const look = async (): Promise<void> => {
      let pause: number | null = live ? followMs : null
      try {
        const answer = await client.request('runs:logLines', { ...choice, fromLine: 1, count: 0 })
        if (!answer.complete) pause = measureMs
        if (!closed) setState((known) => withFacts(known.key === key ? known : empty(key), toFacts(answer)))
      } catch (error) {
        if (!closed) setState((known) => ({ ...(known.key === key ? known : empty(key)), failure: toFailure(error) }))
      }
      if (!closed && pause !== null) timer = setTimeout(() => void look(), pause)
    }
    void look()
    return () => {
      closed = true
      clearTimeout(timer)
    }
  }, [client, key, live])

  const wanted = wantedPages(shown, { first, last, ahead })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds the choice, the text the pages
  useEffect(() => {
    for (const page of wanted) {
      client.request('runs:logLines', { ...choice, fromLine: page * pageSize + 1, count: pageSize }).then(
        (answer) => {
          if (newest.current !== key) return
          setState((known) => withPage(known.key === key ? known : empty(key), { page, answer }))
        },
        (error: unknown) => {
          if (newest.current === key) setState((known) => ({ ...known, failure: toFailure(error) }))
        },
      )
    }
  }, [client, key, wanted.join(' '), total, complete])

  return {
    total,
    asked: facts !== null,
    complete,
    found: facts?.found ?? false,
    sizeBytes: facts?.sizeBytes ?? 0,
    failure: shown.failure,
    lineAt: (row) => shown.pages.get(Math.floor(row / pageSize))?.[row % pageSize],
  }
}

function toFacts({ totalLines, complete, found, sizeBytes }: LogLines): Facts {
  return { total: totalLines, complete, found, sizeBytes }
}

/** A log that became shorter is another one: nothing of the old one stays. */
function withFacts(known: State, facts: Facts): State {
  const same = known.facts
  if (same && JSON.stringify(same) === JSON.stringify(facts)) return known
  const anew = same !== null && facts.sizeBytes < same.sizeBytes
  return { ...known, facts, failure: null, pages: anew ? new Map() : known.pages }
}

function withPage(known: State, { page, answer }: { readonly page: number; readonly answer: LogLines }): State {
  const pages = new Map(known.pages)
  pages.delete(page)
  pages.set(page, answer.lines)
  for (const oldest of pages.keys()) {
    if (pages.size <= keptPages) break
    pages.delete(oldest)
  }
  const grown = (known.facts?.total ?? 0) <= answer.totalLines ? toFacts(answer) : known.facts
  return { ...known, pages, facts: grown, failure: null }
}

/** The pages of the rows that are not held, or that have more rows, or a longer last one, by now. */
function wantedPages(
  { facts, pages }: State,
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
