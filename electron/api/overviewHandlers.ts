import { setTimeout as sleep } from 'node:timers/promises'
import type { Handlers } from '../../shared/contract'
import type { OutcomeStretch } from '../../shared/overview'
import { runOutcomes } from '../../shared/rules/runOutcome'
import { stretchEdges } from '../../shared/rules/timeStretches'
import type { Run } from '../../shared/runs'
import type { RunNode } from '../runs/runIndex'
import { toRun } from '../runs/runView'
import type { WritebackDesk } from '../writebacks/writebackDesk'
import { listed, type OutcomeRow, type RunSurvey, sumRows, surveyRuns } from './runSurvey'
import type { Session } from './session'
import { createSlowSteps } from './slowSteps'
import { problemsOf } from './workspaceHandlers'
import type { Workspaces } from './workspaces'

type OverviewHandlers = Pick<Handlers, 'overview:get' | 'overview:slowSteps'>

/**
 * Runs are surveyed at most this often, in ms, and rarer where it takes long; also without a change now and then, because
 * they change by growing old.
 */
const minSurveyMs = 1_000
const [surveysPerPause, longestPauseMs] = [50, 10_000]
const maxSurveyMs = 30_000

interface Kept {
  readonly atMs: number
  readonly revision: number
  readonly hourMs: number | undefined
  tookMs: number
  readonly survey: Promise<RunSurvey>
}

/** The handlers of the overview. `staleAfterMs` is asked each time. */
export function createOverviewHandlers({
  workspaces,
  desk,
  staleAfterMs,
}: {
  readonly workspaces: Workspaces
  readonly desk: WritebackDesk
  readonly staleAfterMs: () => number
}): OverviewHandlers {
  const kept = new WeakMap<Session, Kept>()
  const slowSteps = createSlowSteps()
  const chosen = (workspaceId: string | null): readonly Session[] =>
    workspaceId === null ? workspaces.sessions() : [workspaces.session(workspaceId)]

  const surveyOf = async (session: Session): Promise<RunSurvey> => {
    const known = kept.get(session)
    const isCurrent = (one: Kept): boolean =>
      one.revision === session.store.revision() &&
      one.hourMs === hourOf(Date.now()) &&
      Date.now() - one.atMs < maxSurveyMs
    if (known && isCurrent(known)) return known.survey
    const pauseMs = Math.min(longestPauseMs, Math.max(minSurveyMs, surveysPerPause * (known?.tookMs ?? 0)))
    const waitMs = known ? known.atMs + pauseMs - Date.now() : 0
    if (waitMs > 0) await sleep(waitMs, undefined, { ref: false })
    const now = kept.get(session)
    if (now && now !== known && isCurrent(now)) return now.survey
    const nowMs = Date.now()
    const survey = surveyRuns(session, { nowMs, staleAfterMs: staleAfterMs() })
    const made: Kept = { atMs: nowMs, revision: session.store.revision(), hourMs: hourOf(nowMs), tookMs: 0, survey }
    kept.set(session, made)
    void survey.then(
      () => {
        made.tookMs = Date.now() - nowMs
      },
      () => kept.delete(session),
    )
    return survey
  }
  const show = async (session: Session, node: RunNode): Promise<Run> => {
    const { store, folder } = session
    return toRun(node, store.owners, {
      nowMs: Date.now(),
      staleAfterMs: staleAfterMs(),
      file: store.file,
      workspaceId: folder.id,
      unsavedIds: store.unsavedIds(),
      steps: store.owners.ownerOf(node.id)?.alive ? await store.stepsOf(node) : undefined,
    })
  }
  const newest = async (
    sessions: readonly Session[],
    nodesOf: (session: Session) => readonly RunNode[],
  ): Promise<Run[]> => {
    const found = sessions.flatMap((session) => nodesOf(session).map((node) => ({ session, node })))
    found.sort((left, right) => right.node.startedMs - left.node.startedMs)
    return Promise.all(found.slice(0, listed).map(({ session, node }) => show(session, node)))
  }

  return {
    'overview:get': async ({ workspaceId }) => {
      const sessions = chosen(workspaceId)
      const surveys = new Map(
        await Promise.all(sessions.map(async (session) => [session, await surveyOf(session)] as const)),
      )
      const all = [...surveys.values()]
      const sum = (what: keyof RunSurvey['counts']): number =>
        all.reduce((total, { counts }) => total + counts[what], 0)
      const entries = workspaces.entries().filter(({ folder }) => workspaceId === null || folder.id === workspaceId)
      const mounts = entries.map(({ folder }) => desk.counts(folder.id))
      return {
        counts: {
          all: sum('all'),
          running: sum('running'),
          needsYou: sum('needsYou'),
          failedLastDay: sum('failedLastDay'),
          orphaned: sum('orphaned'),
          waiting: sum('waiting'),
          unsavedRows: sessions.reduce((total, { store }) => total + (store.degraded()?.unsavedRows ?? 0), 0),
          undelivered: mounts.reduce((total, { undelivered }) => total + undelivered, 0),
          stuck: mounts.reduce((total, { stuck }) => total + stuck, 0),
          problems: entries.reduce((total, entry) => total + problemsOf(entry, desk).length, 0),
        },
        needs: await newest(sessions, (session) => surveys.get(session)?.needs ?? []),
        running: await newest(sessions, (session) => surveys.get(session)?.running ?? []),
        hours: toStretches(sumRows(all.map(({ hours }) => hours))),
        days: toStretches(sumRows(all.map(({ days }) => days))),
        loading: sessions.some(({ store }) => store.loading() !== null),
      }
    },
    'overview:slowSteps': async ({ workspaceId }) => slowSteps(chosen(workspaceId)),
  }
}

function hourOf(nowMs: number): number | undefined {
  return stretchEdges('hour', { count: 1, nowMs })[0]
}

function toStretches({ edges, counts }: OutcomeRow): OutcomeStretch[] {
  return counts.map((stretch, index) => ({
    from: new Date(edges[index] ?? 0).toISOString(),
    to: new Date(edges[index + 1] ?? 0).toISOString(),
    counts: Object.fromEntries(Object.entries(stretch).filter(([, count]) => count > 0)),
    total: runOutcomes.reduce((sum, outcome) => sum + stretch[outcome], 0),
  }))
}
