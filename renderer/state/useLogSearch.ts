import { useEffect, useRef, useState } from 'react'
import type { LogHits } from '../../shared/logs'
import { toFailure } from '../../shared/outcome'
import { useClient } from './client'
import { hitPartSize, nextHit } from './nextHit'
import type { LogChoice } from './useLogLines'

/** What is looked for in a log. */
export interface LogQuestion {
  readonly query: string
  readonly regex: boolean
  readonly caseSensitive: boolean
}

export type LogHit = LogHits['first'][number]

/** The hits of a question in a log, and the one that is shown. */
export interface LogSearch {
  /** Exactly how many there are; null while nothing is looked for, or not found yet. */
  readonly hits: number | null
  /** Could there be more, in lines that were too long to be looked at whole? */
  readonly truncated: boolean
  /** Which of them is shown, from 0; null before the first was. */
  readonly at: number | null
  readonly busy: boolean
  /** Why the question cannot be answered. */
  readonly refusal: string | null
  /** Shows the next hit, or the previous one, around the end. */
  readonly go: (direction: 1 | -1) => void
}

const typingMs = 80
/** A growing log is searched again after this, in ms. */
const growthMs = 1_000

interface Found {
  readonly key: string
  readonly hits: number
  readonly truncated: boolean
  readonly skip: number
  readonly first: readonly LogHit[]
}

/** Searches a log while one types, exactly; `onHit` is told which hit to show. `sizeBytes` tells that the log has grown. */
export function useLogSearch(
  choice: LogChoice,
  {
    question,
    sizeBytes,
    onHit,
  }: { readonly question: LogQuestion; readonly sizeBytes: number; readonly onHit: (hit: LogHit) => void },
): LogSearch {
  const client = useClient()
  const key = JSON.stringify([choice, question])
  const [found, setFound] = useState<Found | null>(null)
  const [at, setAt] = useState<number | null>(null)
  const [refusal, setRefusal] = useState<{ readonly key: string; readonly text: string } | null>(null)
  const newest = useRef(key)
  newest.current = key
  /** The question that is being answered, and when one was asked last, in ms. */
  const asking = useRef<string | null>(null)
  const askedAtMs = useRef(0)
  const ask = async (skip: number): Promise<Found | null> => {
    const answer = await client.request('runs:logSearch', { ...choice, ...question, skip, limit: hitPartSize })
    if (newest.current !== key) return null
    const { hits, truncated, first } = answer
    const next = { key, hits, truncated, skip, first }
    setFound(next)
    setRefusal(null)
    return next
  }
  const shown = found?.key === key ? found : null

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question, or a longer log, is searched
  useEffect(() => {
    if (question.query === '' || asking.current === key) return
    const known = shown
    const search = async (): Promise<void> => {
      asking.current = key
      askedAtMs.current = Date.now()
      try {
        const [hit] = (await ask(known?.skip ?? 0))?.first ?? []
        if (known !== null || !hit) return
        setAt(0)
        onHit(hit)
      } catch (error) {
        if (newest.current === key) setRefusal({ key, text: toFailure(error).message })
      } finally {
        if (asking.current === key) asking.current = null
      }
    }
    const pause = known === null ? typingMs : Math.max(typingMs, askedAtMs.current + growthMs - Date.now())
    const timer = setTimeout(() => void search(), pause)
    return () => clearTimeout(timer)
  }, [client, key, sizeBytes])

  const go = async (direction: 1 | -1): Promise<void> => {
    if (!shown || shown.hits === 0) return
    const { wanted, skip } = nextHit(at, { direction, hits: shown.hits })
    const part = shown.skip === skip ? shown : await ask(skip)
    const hit = part?.first[wanted - skip]
    if (!hit) return
    setAt(wanted)
    onHit(hit)
  }
  const refused = refusal?.key === key ? refusal.text : null
  return {
    hits: question.query === '' ? null : (shown?.hits ?? null),
    truncated: shown?.truncated ?? false,
    at: shown ? at : null,
    busy: question.query !== '' && shown === null && refused === null,
    refusal: question.query === '' ? null : refused,
    go: (direction) => {
      go(direction).catch((error: unknown) => setRefusal({ key, text: toFailure(error).message }))
    },
  }
}
