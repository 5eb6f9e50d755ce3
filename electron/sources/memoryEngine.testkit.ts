import type { Permission } from '../../shared/rules/runActs'
import type { SourceAct, SourcePhase } from '../../shared/sourceRuns'

/** The words of the engine in memory, and what they mean. */
export const memoryPhases = {
  queued: 'waiting',
  going: 'running',
  succeeded: 'completed',
  broke: 'failed',
  cancelled: 'cancelled',
  buried: 'dead-lettered',
} as const satisfies Record<string, SourcePhase>
export type MemoryStatus = keyof typeof memoryPhases

export interface MemoryStep {
  readonly name: string
  readonly output: unknown
  readonly error: string | null
  readonly at: string
}

export interface MemoryRun {
  readonly id: string
  readonly workflowName: string
  readonly status: MemoryStatus
  readonly input: unknown
  readonly output: unknown
  readonly error: string | null
  readonly createdAt: string
  readonly completedAt: string | null
  readonly queueName: string | null
  readonly applicationVersion: string | null
  readonly executorId: string | null
  readonly parentRunId: string | null
  readonly forkedFrom: string | null
  readonly steps: readonly MemoryStep[]
  /** Grows with every change. */
  readonly revision: number
}

const ended: readonly MemoryStatus[] = ['succeeded', 'broke', 'cancelled', 'buried']
const allowed: Permission = { kind: 'allowed' }
const refuse = (reason: string): Permission => ({ kind: 'refused', reason })

/** The rules of the engine in memory: it resumes, forks and rewinds, and knows nothing of dependencies. */
export function memoryActs(run: MemoryRun, access: 'read' | 'write'): Record<SourceAct, Permission> {
  const by = (act: SourceAct): Permission => {
    if (act === 'rerun') return refuse('this engine knows no dependencies of steps: rewind or fork instead')
    if (act === 'mark-failed') return refuse('this engine decides itself what failed')
    if (access === 'read') return refuse('the connection only reads: add a writing one')
    switch (act) {
      case 'cancel':
        return ended.includes(run.status) ? refuse(`it is ${run.status} already`) : allowed
      case 'resume':
        if (run.status === 'going') return { kind: 'confirm', question: 'Is the program that ran it really gone?' }
        return run.status === 'cancelled' || run.status === 'buried' ? allowed : refuse(`it is ${run.status}`)
      case 'rewind':
        return ended.includes(run.status) ? allowed : refuse(`it is ${run.status}: cancel it first`)
      case 'fork':
        return allowed
    }
  }
  return {
    cancel: by('cancel'),
    resume: by('resume'),
    rerun: by('rerun'),
    fork: by('fork'),
    rewind: by('rewind'),
    'mark-failed': by('mark-failed'),
  }
}

/** Runs in memory, changed as by a worker or another client. */
export interface MemoryEngine {
  readonly all: () => readonly MemoryRun[]
  readonly get: (id: string) => MemoryRun | undefined
  readonly put: (run: Partial<MemoryRun>) => MemoryRun
  readonly change: (id: string, change: Partial<MemoryRun>) => MemoryRun
  readonly remove: (id: string) => void
  readonly onChange: (listener: () => void) => () => void
}

/** An engine whose clock ticks by a second with every change. */
export function createMemoryEngine(): MemoryEngine {
  const runs = new Map<string, MemoryRun>()
  const listeners = new Set<() => void>()
  let ticks = 0
  const now = (): string => new Date(Date.UTC(2026, 0, 1) + ++ticks * 1_000).toISOString()
  const keep = (run: MemoryRun): MemoryRun => {
    runs.set(run.id, run)
    for (const listener of listeners) listener()
    return run
  }
  return {
    all: () => [...runs.values()],
    get: (id) => runs.get(id),
    put: (given) => {
      const status = given.status ?? 'queued'
      const createdAt = given.createdAt ?? now()
      return keep({
        id: `run-${String(runs.size + 1).padStart(6, '0')}`,
        workflowName: 'deploy',
        input: null,
        output: null,
        error: null,
        completedAt: ended.includes(status) ? createdAt : null,
        queueName: null,
        applicationVersion: null,
        executorId: null,
        parentRunId: null,
        forkedFrom: null,
        steps: [],
        ...given,
        status,
        createdAt,
        revision: 1,
      })
    },
    change: (id, change) => {
      const run = runs.get(id)
      if (!run) throw new Error(`No run ${id}`)
      const status = change.status ?? run.status
      const completedAt = ended.includes(status) ? (run.completedAt ?? now()) : null
      return keep({ ...run, completedAt, ...change, revision: run.revision + 1 })
    },
    remove: (id) => {
      runs.delete(id)
      for (const listener of listeners) listener()
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
