import type { FaultEffect } from './practiceFaults'
import type { ContentIdentity } from './practiceFiles'

/** An operation: what becomes of an accepted write behind the server. Absent keys are as in the API's answers. */
export interface PracticeOp {
  readonly opId: string
  readonly path: string
  readonly revision: string
  readonly action: string
  readonly provider?: string
  status: 'pending' | 'running' | 'succeeded' | 'dead_lettered'
  attemptCount: number
  lastError?: string
  providerResult?: object
  readonly contentIdentity?: ContentIdentity
  readonly createdAt: string
  updatedAt: string
  completedAt?: string
}

/** The operations of one workspace; they move on by being looked at. */
export function createPracticeOps() {
  const ops = new Map<string, PracticeOp>()

  const move = (op: PracticeOp, change: Partial<PracticeOp>): PracticeOp => {
    const at = new Date().toISOString()
    Object.assign(op, change, { updatedAt: at })
    if (op.status === 'succeeded' || op.status === 'dead_lettered') op.completedAt = at
    return op
  }

  return {
    get: (opId: string): PracticeOp | undefined => ops.get(opId),
    size: (): number => ops.size,
    all: (): Iterable<PracticeOp> => ops.values(),
    add: (
      given: Pick<PracticeOp, 'path' | 'revision' | 'action' | 'contentIdentity'> & { provider: string },
    ): PracticeOp => {
      const at = new Date().toISOString()
      const { provider, ...rest } = given
      const op: PracticeOp = {
        opId: `op_${ops.size + 1}`,
        ...rest,
        ...(provider === '' ? {} : { provider }),
        status: 'pending',
        attemptCount: 0,
        createdAt: at,
        updatedAt: at,
      }
      ops.set(op.opId, op)
      return op
    },
    /** Each look moves an operation on by one step: pending, running, then how it ends. */
    look: (opId: string, effectOf: (path: string) => FaultEffect | undefined): PracticeOp | undefined => {
      const op = ops.get(opId)
      if (!op || op.status === 'succeeded' || op.status === 'dead_lettered') return op
      const effect = effectOf(op.path)
      if (effect?.kind === 'hold') return op
      if (effect?.kind === 'reject')
        return move(op, { status: 'dead_lettered', attemptCount: op.attemptCount + 1, lastError: effect.message })
      if (op.status === 'pending') return move(op, { status: 'running' })
      return move(op, { status: 'succeeded', providerResult: { providerRevision: op.revision } })
    },
    /** What an external worker says about an operation; a failure is final. */
    acknowledge: (opId: string, { success, error }: { success: boolean; error: string }): PracticeOp | undefined => {
      const op = ops.get(opId)
      if (!op) return undefined
      if (success) return move(op, { status: 'succeeded', providerResult: { providerRevision: op.revision } })
      return move(op, { status: 'dead_lettered', lastError: error })
    },
    replay: (opId: string): 'queued' | 'unknown' | 'not-dead' => {
      const op = ops.get(opId)
      if (!op) return 'unknown'
      if (op.status !== 'dead_lettered') return 'not-dead'
      move(op, { status: 'pending' })
      delete op.lastError
      delete op.completedAt
      return 'queued'
    },
  }
}
