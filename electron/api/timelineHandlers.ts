import type { Handlers, ParsedInput } from '../../shared/contract'
import { dropOldest } from '../../shared/rules/dropOldest'
import type { Step } from '../../shared/runs'
import type { Timeline } from '../../shared/timeline'
import type { RunNode } from '../runs/runIndex'
import type { Steps } from '../runs/runSteps'
import { toFacts, toStep } from '../runs/runView'
import { type TimelineModel, toTimelineModel } from '../runs/timelineModel'
import { queryTimeline } from '../runs/timelineQuery'
import { unknownRun } from './findRun'
import type { Session } from './session'
import type { Workspaces } from './workspaces'

type Question = ParsedInput<'runs:timeline'>

/** Of a run with more steps than this the first are told, without their times, before all of its lines are read. */
const largeSteps = 5_000
/** So long a model of such a run stays good, in ms, however the run goes on. */
const keptForMs = 500
const keptModels = 4

interface Kept {
  readonly version: string
  readonly madeAtMs: number
  readonly model: Promise<TimelineModel>
}

/** The handler about the steps of a run on a scale of time. */
export function createTimelineHandlers({
  workspaces,
  staleAfterMs,
}: {
  readonly workspaces: Workspaces
  readonly staleAfterMs: () => number
}): Pick<Handlers, 'runs:timeline'> {
  const kept = new Map<string, Kept>()

  const modelOf = (session: Session, run: RunNode, steps: Steps): Promise<TimelineModel> => {
    const key = `${session.folder.id} ${run.id}`
    const known = kept.get(key)
    const version = versionOf(run)
    const nowMs = performance.now()
    if (known?.version === version) return known.model
    if (known && steps.size > largeSteps && nowMs - known.madeAtMs < keptForMs) return known.model
    const model = toTimelineModel(run, steps)
    kept.delete(key)
    kept.set(key, { version, madeAtMs: nowMs, model })
    model.catch(() => kept.delete(key))
    dropOldest(kept, keptModels)
    return model
  }

  return {
    'runs:timeline': async ({ workspaceId, runId, ...query }) => {
      const session = workspaces.session(workspaceId)
      await session.catchUp()
      const { stepsOf } = session.store
      const run = session.store.get(runId)
      if (!run) return looseTimeline(session, runId, query)
      const steps = session.store.knownSteps(run) ?? (run.counts.total > largeSteps ? undefined : await stepsOf(run))
      if (steps === undefined) {
        const part = await firstPart(session, run, query)
        stepsOf(run).catch(() => undefined) // Whoever asks again is told.
        return part
      }
      const model = await modelOf(session, run, steps)
      const { owners, file } = session.store
      const context = { file, nowMs: Date.now(), staleAfterMs: staleAfterMs() }
      const { liveness } = toFacts(run, { owner: owners.ownerOf(run.id), owned: owners.isOwned(run.id) }, context)
      const goes = liveness !== null && liveness !== 'orphaned'
      const unsavedIds = session.store.unsavedIds()
      return queryTimeline(model, query, { nowMs: goes ? context.nowMs : null, unsavedIds })
    },
  }
}

/** Tells what became of a run since. */
function versionOf({ lastLine, lastActivityMs, counts, view }: RunNode): string {
  return [lastLine, lastActivityMs, view.status, ...Object.values(counts)].join(' ')
}

const nothing = { at: -1, errors: 0, span: null, idle: [], parts: { running: [], failed: [] } } as const

type Part = Omit<Question, 'workspaceId' | 'runId'>

/** The first steps with their statuses, while the rest is read. */
async function firstPart({ store }: Session, run: RunNode, { offset, limit }: Part): Promise<Timeline> {
  const first = await store.firstSteps(run, Math.min(500, offset + limit))
  const unsavedIds = store.unsavedIds()
  return {
    ...nothing,
    rows: first.slice(offset, offset + limit).map((node) => ({ ...toStep(node, unsavedIds), readyMs: null })),
    total: run.counts.total,
    errors: run.counts.failed,
    idle: [],
    parts: { running: [], failed: [] },
    complete: false,
  }
}

/** The steps of a run that left only their outputs: nothing is known of their times. */
async function looseTimeline(session: Session, runId: string, query: Part): Promise<Timeline> {
  const loose = session.loose.get(runId)
  if (!loose) throw unknownRun(runId)
  const search = query.search.trim().toLowerCase()
  const isFound = ({ name, status }: Step): boolean =>
    name.toLowerCase().includes(search) && (!query.errorsOnly || status === 'failed')
  const found = (await session.loose.steps(loose)).filter(isFound)
  const { offset, limit, stepId } = query
  return {
    ...nothing,
    rows: found.slice(offset, offset + limit).map((step) => ({ ...step, output: null, readyMs: null })),
    total: found.length,
    at: found.findIndex(({ id }) => id === stepId),
    idle: [],
    parts: { running: [], failed: [] },
    complete: true,
  }
}
