import type { Handlers } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import { knownStatuses, type Run, type RunDetail, type Step } from '../../shared/runs'
import type { ActResult } from '../../shared/sourceActs'
import type { SourceFilter, SourceView } from '../../shared/sourceFilters'
import type { SourceRunQuery } from '../../shared/sourceRuns'
import type { SourceState } from '../../shared/sources'
import { refuseUnknown } from '../sources/knownQuery'
import { permit } from '../sources/permit'
import type { AskedAct, RunSource, SourceDescription } from '../sources/source'
import { cutText } from '../sources/sourceText'
import { untilAborted } from '../sources/untilAborted'
import { planRelayAct } from './relayPlan'
import { relayActs, toSourceRun, toSourceRunDetail, toSourceStep } from './relayRun'
import type { Session } from './session'

/** The handlers of runs on this machine, which the source of a workspace answers with. */
export type RelayHandlers = Pick<
  Handlers,
  | 'runs:query'
  | 'runs:get'
  | 'runs:step'
  | 'runs:plan'
  | 'runs:resume'
  | 'runs:cancel'
  | 'runs:markFailed'
  | 'runs:reruns'
>

const views: SourceView[] = ['all', 'going', 'failed']
const filters: SourceFilter[] = ['statuses', 'workflowName', 'from', 'to', 'search']

/** The runs of a workspace as a source: nothing of its own, only what the handlers of runs tell and do. */
export function createRelaySource(session: Session, handlers: RelayHandlers): RunSource {
  const { store, folder } = session
  const workspaceId = folder.id
  const openedAt = new Date().toISOString()
  const listeners = new Set<() => void>()
  let isWatched = false
  const unfollow = store.onChange(() => {
    if (isWatched) for (const listener of listeners) listener()
  })
  const description = (): SourceDescription => ({
    where: folder.path,
    state: stateOf(session, openedAt),
    access: folder.isFile ? 'read' : 'write',
    engine: null,
    knows: { attempts: true, runningStep: true, logs: true, totals: true, dependencies: true },
    statuses: [...knownStatuses],
    views: [...views],
    filters: [...filters],
  })
  const asking = async <T>(signal: AbortSignal, answer: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted()
    const work = async (): Promise<T> => {
      await session.ready
      await session.catchUp()
      return answer()
    }
    return untilAborted(work(), signal)
  }
  const find = async (runId: string): Promise<RunDetail | null> => {
    await store.owners.refresh() // What a person decides on must not miss who has just taken the run.
    if (!store.get(runId) && !session.loose.get(runId)) return null
    return (await handlers['runs:get']({ workspaceId, runId, outputs: 'none' })).run
  }
  const known = async (runId: string): Promise<RunDetail> => {
    const run = await find(runId)
    if (!run)
      throw new RundeskError('not_found', `There is no run ${JSON.stringify(runId)} in ${folder.path} (any more).`)
    return run
  }
  const readValue = async (
    { runId, stepId, part, maxBytes }: Parameters<RunSource['payload']>[0],
    run: RunDetail,
  ): Promise<Readonly<{ text: string; bytes: number }> | 'gone' | null> => {
    const whole = (text: string | null) => (text === null ? null : { text, bytes: Buffer.byteLength(text) })
    if (stepId === null) return part === 'error' ? whole(run.error) : null
    if (!run.steps.some(({ id }) => id === stepId)) return 'gone'
    if (part === 'input') return null
    const { step } = await handlers['runs:step']({ workspaceId, runId, stepId, maxBytes: maxBytes + 4 })
    if (part === 'error') return whole(step.error)
    return step.output === null ? null : { text: step.output, bytes: sizeOf(step, step.output) }
  }

  return {
    describe: description,
    revision: () => store.revision(),
    check: (signal) => asking(signal, async () => undefined).catch(() => undefined),
    runs: (query, signal) =>
      asking(signal, async () => {
        refuseUnknown(query, description())
        const { offset, limit, held } = query
        const page = await handlers['runs:query']({
          ...toRunQuery(query, workspaceId),
          ...{ offset, limit },
          ...(held === undefined ? {} : { order: held.slice(0, 64) }),
        })
        return {
          rows: page.rows.map(toSourceRun),
          more: page.total > offset + limit,
          total: page.total,
          newRuns: page.newRows,
          held: page.order,
          asOf: new Date().toISOString(),
          revision: page.revision,
        }
      }),
    run: (runId, signal) =>
      asking(signal, async () => {
        const run = await find(runId)
        return run && toSourceRunDetail(run, (await handlers['runs:reruns']({ workspaceId, runId })).runs)
      }),
    steps: ({ runId, offset, limit }, signal) =>
      asking(signal, async () => {
        const run = await find(runId)
        return (
          run && {
            steps: run.steps.slice(offset, offset + limit).map(toSourceStep),
            more: run.steps.length > offset + limit,
            total: run.steps.length,
            note: null,
            asOf: new Date().toISOString(),
            revision: store.revision(),
          }
        )
      }),
    payload: (asked, signal) =>
      asking(signal, async () => {
        const run = await find(asked.runId)
        const value = run && (await readValue(asked, run))
        if (run === null || value === 'gone') return null
        if (!value) return { text: null, isJson: false, bytes: 0, cut: false }
        const { text, cut } = cutText(value.text, { maxBytes: asked.maxBytes, isJson: false })
        return { text, isJson: false, bytes: value.bytes, cut: cut || value.bytes > Buffer.byteLength(text ?? '') }
      }),
    planAct: (asked, signal) =>
      asking(signal, async () =>
        planRelayAct({ ...asked, run: await known(asked.runId), plan: handlers['runs:plan'] }),
      ),
    act: (asked, signal) =>
      asking(signal, async () => {
        const run = await known(asked.runId)
        const seen = toSourceRun(run)
        const settled = async (result: Omit<ActResult, 'run'>): Promise<ActResult> => {
          const now = await find(asked.runId)
          return { ...result, run: now && toSourceRun(now) }
        }
        if (seen.version !== asked.version)
          return settled({ outcome: 'changed', message: `It is ${run.status} now. Nothing was done.`, newRunId: null })
        permit(relayActs(run)[asked.act], asked.confirmed)
        return settled(await actOn(handlers, run, asked).catch(lostRace))
      }),
    watch: (watched) => {
      isWatched = watched.length > 0
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => unfollow(),
  }
}

function stateOf({ store }: Session, since: string): SourceState {
  const trouble = store.trouble()
  if (trouble !== null) return { kind: 'trouble', code: 'unreadable', message: trouble, since, retryAt: null }
  return { kind: store.loading() === null ? 'ready' : 'connecting', since }
}

function toRunQuery({ view, where }: SourceRunQuery, workspaceId: string) {
  const { statuses, workflowName, from, to, search } = where
  const filter = view === 'going' ? 'running' : view === 'failed' ? 'failed' : 'all'
  return {
    workspaceId,
    filter,
    where: {
      ...(statuses ? { statuses } : {}),
      ...(workflowName === undefined ? {} : { workflows: [workflowName] }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    },
    ...(search === undefined ? {} : { search }),
  } as const
}

/** A step's output as the row holds it may be longer than what was read of it. */
function sizeOf({ outputBytes }: Step, read: string): number {
  return Math.max(outputBytes ?? 0, Buffer.byteLength(read))
}

async function actOn(
  handlers: RelayHandlers,
  run: Run & { readonly steps: readonly Step[] },
  { act, fromStep, confirmed, reason }: AskedAct,
): Promise<Omit<ActResult, 'run'>> {
  const at = { workspaceId: run.workspaceId, runId: run.id }
  const done = (message: string, newRunId: string | null = null) => ({ outcome: 'done', message, newRunId }) as const
  switch (act) {
    case 'cancel': {
      const { cancelled, message } = await handlers['runs:cancel']({ ...at, confirmed })
      return { ...done(message), outcome: cancelled ? 'done' : 'nothing' }
    }
    case 'mark-failed': {
      if (reason === undefined || reason.trim() === '')
        throw new RundeskError('usage', 'Say why the run is marked as failed: the reason is kept with it.')
      await handlers['runs:markFailed']({ ...at, reason })
      return done('It is marked as failed.')
    }
    default: {
      const from = run.steps.find(({ id }) => id === fromStep)?.name
      if (fromStep !== undefined && from === undefined)
        throw new RundeskError('not_found', `Run ${run.id} has no step ${JSON.stringify(fromStep)}.`)
      if (act === 'resume' && from !== undefined)
        throw new RundeskError('usage', 'A resume goes on where the run ended. Run a step again, or fork from it.')
      if (act === 'rerun' && from === undefined) throw new RundeskError('usage', 'Name the step to run again.')
      const asNewRun = act === 'fork'
      const choice = { workflow: 'stored', asNewRun, ...(from === undefined ? {} : { from }) } as const
      const resumed = await handlers['runs:resume']({ ...at, ...choice, confirmed, published: false })
      return asNewRun ? done(`Run ${resumed.run.id} goes on from there.`, resumed.run.id) : done('It goes on.')
    }
  }
}

/** Whoever lost a race is told what the run has become. */
function lostRace(error: unknown): Omit<ActResult, 'run'> {
  const lost = ['not_resumable', 'not_cancellable', 'changed']
  if (!(error instanceof RundeskError) || !lost.includes(error.code)) throw error
  return { outcome: 'changed', message: error.message, newRunId: null }
}
