import { RundeskError } from '../../shared/outcome'
import type { ActResult, SourcePlan } from '../../shared/sourceActs'
import { sourceFilters, sourceViews } from '../../shared/sourceFilters'
import type { SourceRun, SourceRunDetail, SourceRunQuery, SourceStep } from '../../shared/sourceRuns'
import type { SourceState } from '../../shared/sources'
import { refuseUnknown } from './knownQuery'
import { createMemoryEngine, type MemoryEngine, type MemoryRun, memoryActs, memoryPhases } from './memoryEngine.testkit'
import { permit } from './permit'
import type { AskedAct, RunSource } from './source'
import { cutText } from './sourceText'

/** A source over an engine in memory: all that a source must do, and nothing that must be installed. */
export interface MemorySource {
  readonly source: RunSource
  readonly engine: MemoryEngine
  /** The server is gone, or back with null. */
  readonly breakWith: (message: string | null) => void
}

/** Opens a source over the engine, or over a new one. */
export function createMemorySource({
  sourceId = 'memory',
  access = 'write',
  engine = createMemoryEngine(),
}: {
  readonly sourceId?: string
  readonly access?: 'read' | 'write'
  readonly engine?: MemoryEngine
} = {}): MemorySource {
  const listeners = new Set<() => void>()
  const since = '2026-01-01T00:00:00.000Z'
  let state: SourceState = { kind: 'unopened' }
  let revision = 0
  let isWatched = false
  const changed = (): void => {
    revision++
    for (const listener of listeners) listener()
  }
  const unfollow = engine.onChange(() => {
    if (isWatched) changed()
  })
  /** As a server is asked: not at once, and not when it is gone. */
  const asked = async (signal: AbortSignal): Promise<void> => {
    await Promise.resolve()
    signal.throwIfAborted()
    if (state.kind === 'trouble') throw new RundeskError('unreachable', state.message)
    state = { kind: 'ready', since }
  }
  const toRun = (run: MemoryRun): SourceRun => toSourceRun(run, { sourceId, access, engine })
  const known = (runId: string): MemoryRun => {
    const run = engine.get(runId)
    if (!run) throw new RundeskError('not_found', `There is no run ${JSON.stringify(runId)} in ${sourceId}.`)
    return run
  }

  const source: RunSource = {
    describe: () => ({
      where: 'memory',
      state,
      access,
      engine: { version: '1', schema: null },
      knows: {
        attempts: false,
        runningStep: false,
        logs: false,
        totals: true,
        dependencies: false,
      },
      statuses: Object.keys(memoryPhases),
      views: [...sourceViews],
      filters: sourceFilters.filter((part) => part !== 'search'),
    }),
    revision: () => revision,
    check: async (signal) => asked(signal).catch(() => undefined),
    runs: async (query, signal) => {
      await asked(signal)
      refuseUnknown(query, source.describe())
      const found = engine
        .all()
        .filter((run) => fits(run, query))
        .sort((left, right) => compare(right, left))
      const { held: createdBy, offset, limit } = query
      const held = createdBy === undefined ? found : found.filter((run) => run.createdAt <= createdBy)
      const newest = engine.all().map(({ createdAt }) => createdAt)
      return {
        rows: held.slice(offset, offset + limit).map(toRun),
        more: held.length > offset + limit,
        total: held.length,
        newRuns: createdBy === undefined ? null : found.length - held.length,
        held: createdBy ?? newest.sort().at(-1) ?? since,
        asOf: since,
        revision,
      }
    },
    run: async (runId, signal) => {
      await asked(signal)
      const run = engine.get(runId)
      return run ? toDetail(run, toRun(run)) : null
    },
    steps: async ({ runId, offset, limit }, signal) => {
      await asked(signal)
      const run = engine.get(runId)
      if (!run) return null
      return {
        steps: run.steps.slice(offset, offset + limit).map((_, index) => toStep(run, offset + index)),
        more: run.steps.length > offset + limit,
        total: run.steps.length,
        note: 'This engine tells of a step when it has ended.',
        asOf: since,
        revision,
      }
    },
    payload: async ({ runId, stepId, part, maxBytes }, signal) => {
      await asked(signal)
      const run = engine.get(runId)
      const step = stepId === null ? undefined : run?.steps[Number(stepId)]
      if (!run || (stepId !== null && !step)) return null
      const value = step ? { input: undefined, output: step.output, error: step.error }[part] : run[part]
      if (value === undefined || value === null) return { text: null, isJson: false, bytes: 0, cut: false }
      return cutText(part === 'error' ? String(value) : JSON.stringify(value), { maxBytes, isJson: part !== 'error' })
    },
    planAct: async ({ runId, act, fromStep }, signal) => {
      await asked(signal)
      const run = known(runId)
      const permission = memoryActs(run, access)[act]
      return {
        ...planOf(run, { act, from: firstStep(run, fromStep) }),
        refused: permission.kind === 'refused' ? permission.reason : null,
        question: permission.kind === 'confirm' ? permission.question : null,
      }
    },
    act: async (wanted, signal) => {
      await asked(signal)
      const run = known(wanted.runId)
      if (toRun(run).version !== wanted.version)
        return { outcome: 'changed', message: `It is ${run.status} now.`, run: toRun(run), newRunId: null }
      permit(memoryActs(run, access)[wanted.act], wanted.confirmed)
      return { ...actOn(engine, run, wanted), run: toRun(known(run.id)) }
    },
    watch: (watched) => {
      isWatched = watched.length > 0
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => unfollow(),
  }
  return {
    source,
    engine,
    breakWith: (message) => {
      state =
        message === null
          ? { kind: 'ready', since }
          : { kind: 'trouble', code: 'unreachable', message, since, retryAt: null }
      changed()
    },
  }
}

function compare(left: MemoryRun, right: MemoryRun): number {
  return left.createdAt < right.createdAt || (left.createdAt === right.createdAt && left.id < right.id) ? -1 : 1
}

function fits(run: MemoryRun, { view, where }: SourceRunQuery): boolean {
  const phase = memoryPhases[run.status]
  if (view === 'going' && phase !== 'running' && phase !== 'waiting') return false
  if ((view === 'failed' || view === 'dead-lettered') && phase !== view) return false
  if (view === 'waiting-for-worker' && phase !== 'waiting') return false
  const { statuses, idPrefix, from, to } = where
  if (statuses && !statuses.includes(run.status)) return false
  if (idPrefix !== undefined && !run.id.startsWith(idPrefix)) return false
  if ((from !== undefined && run.createdAt < from) || (to !== undefined && run.createdAt >= to)) return false
  const same = ['workflowName', 'queueName', 'applicationVersion', 'executorId', 'parentRunId', 'forkedFrom'] as const
  return same.every((part) => where[part] === undefined || where[part] === run[part])
}

function toSourceRun(
  run: MemoryRun,
  {
    sourceId,
    access,
    engine,
  }: { readonly sourceId: string; readonly access: 'read' | 'write'; readonly engine: MemoryEngine },
): SourceRun {
  const { id, workflowName, status, createdAt, completedAt, error, queueName, executorId, applicationVersion } = run
  return {
    ...{ sourceId, id, workflowName, status, createdAt, completedAt, error, queueName, executorId, applicationVersion },
    phase: memoryPhases[status],
    note: status === 'going' ? 'It may be running.' : null,
    startedAt: status === 'queued' ? null : createdAt,
    updatedAt: completedAt ?? createdAt,
    applicationName: null,
    recoveryAttempts: null,
    parentRunId: run.parentRunId,
    forkedFrom: run.forkedFrom,
    wasForkedFrom: engine.all().some(({ forkedFrom }) => forkedFrom === id),
    version: String(run.revision),
    acts: memoryActs(run, access),
  }
}

function toDetail({ revision }: MemoryRun, run: SourceRun): SourceRunDetail {
  return { ...run, facts: [{ name: 'revision', value: String(revision) }] }
}

function toStep(run: MemoryRun, index: number): SourceStep {
  const { name = '', error = null, at = null } = run.steps[index] ?? {}
  return {
    id: String(index),
    name,
    type: null,
    status: error === null ? 'succeeded' : 'broke',
    phase: error === null ? 'completed' : 'failed',
    error,
    startedAt: at,
    completedAt: at,
    childRunId: null,
    attempts: null,
    dependsOn: null,
  }
}

/** Where a fork or a rewind begins: the step that failed unless one is chosen. */
function firstStep(run: MemoryRun, chosen: string | undefined): number {
  const failed = run.steps.findIndex(({ error }) => error !== null)
  if (chosen === undefined) return failed < 0 ? run.steps.length : failed
  const at = run.steps.findIndex((_, index) => String(index) === chosen)
  if (at < 0) throw new RundeskError('not_found', `Run ${run.id} has no step ${chosen}.`)
  return at
}

function planOf(
  run: MemoryRun,
  { act, from }: { readonly act: AskedAct['act']; readonly from: number },
): Omit<SourcePlan, 'refused' | 'question'> {
  const steps = run.steps.map(({ name }, index) => {
    const will = (act === 'fork' || act === 'rewind') && index >= from ? 'drop' : 'keep'
    return {
      id: String(index),
      name,
      will,
      reason: will === 'keep' ? 'it has ended' : 'it is behind the step',
    } as const
  })
  return { steps, cut: false, says: [], version: String(run.revision) }
}

function actOn(engine: MemoryEngine, run: MemoryRun, { act, fromStep }: AskedAct): Omit<ActResult, 'run'> {
  const kept = run.steps.slice(0, firstStep(run, fromStep))
  const done = (message: string, newRunId: string | null = null): Omit<ActResult, 'run'> => ({
    outcome: 'done',
    message,
    newRunId,
  })
  if (act === 'fork') {
    const { workflowName, input } = run
    const { id } = engine.put({ workflowName, input, steps: kept, forkedFrom: run.id })
    return done(`Run ${id} goes on from there.`, id)
  }
  const steps = act === 'rewind' ? kept : run.steps
  const error = act === 'cancel' ? run.error : null
  const status = act === 'cancel' ? 'cancelled' : 'queued'
  engine.change(run.id, { status, steps, error })
  return done(`It is ${status} now.`)
}
