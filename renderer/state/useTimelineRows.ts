import { useEffect, useRef, useState } from 'react'
import { type Failure, toFailure } from '../../shared/outcome'
import type { RunDetail } from '../../shared/runs'
import type { Timeline, TimelineQuery, TimelineRow } from '../../shared/timeline'
import { useClient } from './client'

/** Which steps are asked for. */
export type StepFilter = Omit<TimelineQuery, 'stepId'>

/** The steps of a run of which only those around the screen are held. */
export interface TimelineRows {
  /** The newest answer, for what it tells besides its rows; null before the first. */
  readonly timeline: Timeline | null
  /** The step of a row, from 0; undefined until it was fetched. */
  readonly rowAt: (row: number) => TimelineRow | undefined
  /** Where the chosen step stands; -1 when it does not, or that is not known yet. */
  readonly at: number
  readonly failure: Failure | null
  /** Asks for one row, wherever it stands. */
  readonly fetchRow: (row: number) => Promise<TimelineRow | undefined>
  readonly retry: () => void
}

/** So many rows are asked for at once; a run with no more is held whole. */
const held = 400
const around = 100
/** Changes are taken together for this long, in ms; what is still being read is looked at again after as long. */
const gatherMs = 120

interface Answer {
  readonly key: string
  readonly offset: number
  readonly timeline: Timeline
}

/** The steps of a run that match, around the rows `first` to `last`, kept as new as the run's file. */
export function useTimelineRows(
  run: RunDetail,
  {
    filter,
    chosen,
    first,
    last,
  }: { readonly filter: StepFilter; readonly chosen: string | null; readonly first: number; readonly last: number },
): TimelineRows {
  const client = useClient()
  const key = JSON.stringify(filter)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [revision, setRevision] = useState(0)
  const asked = useRef(0)
  const { workspaceId, id: runId } = run
  const total = answer?.timeline.total ?? 0
  const rows = answer?.timeline.rows ?? []
  const fits = answer?.key === key && answer.offset <= first && answer.offset + rows.length > Math.min(last, total - 1)
  const offset = fits ? answer.offset : total <= held ? 0 : Math.max(0, first - around)
  const local = rows.findIndex(({ id }) => id === chosen)
  const at = local === -1 ? (answer?.timeline.at ?? -1) : local + (answer?.offset ?? 0)
  const wanted = local === -1 ? chosen : null

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = client.on('runs:changed', (event) => {
      if (event.workspaceId !== workspaceId) return
      timer ??= setTimeout(() => {
        timer = undefined
        setRevision((known) => known + 1)
      }, gatherMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [client, workspaceId])

  const ask = (part: { readonly offset: number; readonly limit: number }): Promise<Timeline> =>
    client.request('runs:timeline', { workspaceId, runId, ...filter, stepId: chosen, ...part })
  const newest = useRef(ask)
  newest.current = ask

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds the filter; a new revision asks the same again
  useEffect(() => {
    const number = ++asked.current
    let timer: ReturnType<typeof setTimeout> | undefined
    newest.current({ offset, limit: held }).then(
      (timeline) => {
        if (number !== asked.current) return
        setAnswer({ key, offset, timeline })
        setFailure(null)
        if (!timeline.complete) timer = setTimeout(() => setRevision((known) => known + 1), gatherMs)
      },
      (error: unknown) => {
        if (number === asked.current) setFailure(toFailure(error))
      },
    )
    return () => clearTimeout(timer)
  }, [client, workspaceId, runId, key, offset, revision, wanted])

  return {
    timeline: answer?.timeline ?? null,
    rowAt: (row) => rows[row - (answer?.offset ?? 0)],
    at,
    failure,
    fetchRow: async (row) => rows[row - (answer?.offset ?? 0)] ?? (await ask({ offset: row, limit: 1 })).rows[0],
    retry: () => setRevision((known) => known + 1),
  }
}
