import { useEffect, useRef, useState } from 'react'
import type { LogFilter } from '../../shared/logs'
import { type Failure, toFailure } from '../../shared/outcome'
import type { LogLevel } from '../../shared/rules/logLevel'
import { useClient } from './client'
import {
  emptyPages,
  type LogLine,
  type LogPages,
  lineAt,
  pageSize,
  toFacts,
  wantedPages,
  withFacts,
  withPage,
} from './logPages'

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
  readonly level: LogLevel
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

/** How often a growing log is looked at, in ms. */
const followMs = 400
/** How often one is looked at whose length is not known yet, in ms. */
const measureMs = 60

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
  const [state, setState] = useState<LogPages>(() => emptyPages(key))
  const shown = state.key === key ? state : emptyPages(key)
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
        if (!closed) setState((known) => withFacts(known.key === key ? known : emptyPages(key), toFacts(answer)))
      } catch (error) {
        if (!closed)
          setState((known) => ({ ...(known.key === key ? known : emptyPages(key)), failure: toFailure(error) }))
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
          setState((known) => withPage(known.key === key ? known : emptyPages(key), { page, answer }))
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
    lineAt: (row) => lineAt(shown, row),
  }
}
