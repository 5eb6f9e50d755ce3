import { useEffect, useRef, useState } from 'react'
import type { Client } from '../../shared/client'
import { type Failure, toFailure } from '../../shared/outcome'
import { useClient } from './client'
import { type AnsweredPage, countOf, noPages, pageSize, rowAt, type SourcePages, withPage } from './sourcePages'

/** A list of a remote source by pages, of which only those around the screen are held. */
export interface SourceList<Row, Page> {
  readonly rowAt: (index: number) => Row | undefined
  /** So many rows there is room for; `ended` tells whether that is all there are. */
  readonly count: number
  readonly ended: boolean
  /** The newest answer, for what it tells besides its rows; null before the first. */
  readonly page: Page | null
  /** What came last was no answer but this; what was shown before stays. */
  readonly failure: Failure | null
  readonly busy: boolean
  readonly show: (first: number, last: number) => void
  /** Brings the newest rows into the list. */
  readonly toNewest: () => void
  readonly retry: () => void
}

interface State<Row, Page> {
  readonly key: string
  readonly pages: SourcePages<Row>
  readonly page: Page | null
  readonly failure: Failure | null
  /** Names the list that its pages are of. */
  readonly name: string | null
}

/**
 * Asks for the pages on the screen, again when the source tells of a change. `key` names what is asked: another key starts
 * afresh. While `keepsPlace`, it is asked for the list that the first page was of, so that new rows move nothing.
 */
export function useSourcePages<Row, Page extends AnsweredPage<Row> & { readonly held?: string }>({
  sourceId,
  key,
  ask,
  keepsPlace,
}: {
  readonly sourceId: string
  readonly key: string
  readonly ask: (
    client: Client,
    part: { readonly offset: number; readonly limit: number; readonly held: string | undefined },
  ) => Promise<Page>
  readonly keepsPlace: boolean
}): SourceList<Row, Page> {
  const client = useClient()
  const [held, setState] = useState<State<Row, Page>>(() => fresh(key))
  const state = held.key === key ? held : fresh<Row, Page>(key)
  const [range, setRange] = useState<readonly [number, number]>([0, 0])
  const [revision, setRevision] = useState(0)
  const [busy, setBusy] = useState(true)
  const number = useRef(0)
  const now = useRef({ state, keepsPlace, ask })
  now.current = { state, keepsPlace, ask }

  useEffect(
    () =>
      client.on('sources:runsChanged', (event) => {
        if (event.sourceId === sourceId) setRevision((known) => known + 1)
      }),
    [client, sourceId],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at its top
  useEffect(() => setRange([0, 0]), [key])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the question, a new revision asks it again
  useEffect(() => {
    const own = ++number.current
    const isNewest = (): boolean => own === number.current
    const read = async (): Promise<void> => {
      let next: State<Row, Page> = { ...now.current.state, failure: null }
      let name = now.current.keepsPlace ? next.name : null
      for (let at = range[0]; at <= range[1]; at++) {
        const offset = at * pageSize
        const page = await now.current.ask(client, { offset, limit: pageSize, held: name ?? undefined })
        if (!isNewest()) return
        // A source that forgot the list answers with a new one, in which what is held has other places.
        const before = name === null || page.held === name ? next.pages : noPages
        name = page.held ?? null
        next = { key, pages: withPage(before, offset, page), page, failure: null, name }
        if (!page.more) break
      }
      setState(next)
      setBusy(false)
    }
    setBusy(true)
    read().catch((error: unknown) => {
      if (!isNewest()) return
      setState({ ...now.current.state, failure: toFailure(error) })
      setBusy(false)
    })
    return () => {
      number.current++
    }
  }, [client, key, range[0], range[1], revision])

  const retry = (): void => setRevision((known) => known + 1)
  return {
    rowAt: (index) => rowAt(state.pages, index),
    count: state.page ? countOf(state.pages) : 0,
    ended: state.pages.ended,
    page: state.page,
    failure: state.failure,
    busy,
    show: (first, last) => {
      const [from, to] = [Math.floor(first / pageSize), Math.floor(Math.max(first, last) / pageSize)]
      setRange((known) => (known[0] === from && known[1] === to ? known : [from, to]))
    },
    toNewest: () => {
      setState({ ...state, name: null })
      setRange([0, 0])
      retry()
    },
    retry,
  }
}

function fresh<Row, Page>(key: string): State<Row, Page> {
  return { key, pages: noPages, page: null, failure: null, name: null }
}
