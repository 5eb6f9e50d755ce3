import { backUp } from './backUp'
import { followOp } from './followOp'
import { NoAnswer } from './httpClient'
import type { LedgerClaim } from './ledgerLines'
import type { MountContext } from './mountContext'
import type { Outcome } from './outcomes'
import { type ServerApi, ServerRefusal } from './serverApi'
import type { Slots } from './slots'

export interface ReplayJob {
  readonly id: string
  readonly key: string
  readonly opId: string
  readonly localPath: string | null
  /** What an earlier life of this operation wrote down before it asked. */
  readonly claim: Extract<LedgerClaim, { kind: 'replaying' }> | null
  readonly slots: Slots
  readonly stop: AbortSignal
  readonly signal: AbortSignal
}

const stopped: Outcome = { outcome: 'skipped', detail: 'It was stopped before it was replayed.' }

/** Asks the server to do an operation again that its provider refused. It looks first: what is under way is not asked for twice. */
export async function deliverByReplay(context: MountContext, job: ReplayJob): Promise<Outcome> {
  const server = await context.server()
  if (!server) return { outcome: 'refused', detail: 'There are no valid credentials of its workspace any more.' }
  const outcome = await job.slots(job.stop, () => replay(context, server, job))
  return outcome === 'stopped' ? stopped : outcome
}

async function replay(context: MountContext, server: ServerApi, job: ReplayJob): Promise<Outcome> {
  const { id, key, opId, signal, claim } = job
  let asked = false
  try {
    const op = await server.getOp(opId, signal)
    if (op === null) return { outcome: 'failed', detail: `The server does not know the operation ${opId} any more.` }
    const refused = op.status === 'dead_lettered' || op.status === 'failed' || op.status === 'canceled'
    const again = claim !== null && claim.opId === opId && claim.opUpdatedAt !== op.updatedAt
    if (!refused || again) return (await followOp(server, opId, signal)) ?? unconfirmed(opId)
    const localPath = job.localPath
    await backUp({ dataDir: context.dataDir, operationId: id, key, recordFile: null, localPath }).catch(() => undefined)
    const at = new Date().toISOString()
    await context.ledger.write([{ kind: 'replaying', id, key, at, opId, opUpdatedAt: op.updatedAt }])
    asked = true
    const answer = await server.replayOp(opId, signal)
    if (answer === 'unknown')
      return { outcome: 'failed', detail: `The server does not know the operation ${opId} any more.` }
    return (await followOp(server, opId, signal)) ?? unconfirmed(opId)
  } catch (error) {
    if (error instanceof ServerRefusal) {
      const scope = error.status === 403 ? ' Replaying needs the scope ops:replay.' : ''
      return { outcome: 'failed', detail: `${error.message}${scope}` }
    }
    if (!(error instanceof NoAnswer)) throw error
    if (!asked && error.kind === 'aborted') return stopped
    if (!asked || !error.mayHaveArrived) return { outcome: 'failed', detail: `Not asked: ${error.message}` }
    return { outcome: 'sent', detail: `Asked, not confirmed: ${error.message} It is looked at again.`, opId }
  }
}

function unconfirmed(opId: string): Outcome {
  return { outcome: 'sent', detail: `Replayed, not confirmed: the server does not tell what became of ${opId}.`, opId }
}
