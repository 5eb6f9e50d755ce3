import type { Liveness, Owner } from '../runs'

/** 24 hours: how long a run may be silent before it counts as orphaned, unless the settings say otherwise. */
export const defaultStaleAfterMs = 24 * 3_600_000

export interface LivenessFacts {
  readonly status: string
  readonly owner: Owner | null
  /** Newest `updatedAt` of the run's and its steps' lines, in ms; null when no line has a readable time. */
  readonly lastActivityMs: number | null
}

/**
 * Is a run in status `running` or `pending` really running? `live`: an owner is known and alive. `orphaned`: its owner
 * is known to be dead, or nothing is newer than the stale limit (strictly older). Else `unconfirmed`. Null for any other status.
 */
export function livenessOf(
  facts: LivenessFacts,
  { nowMs, staleAfterMs }: { nowMs: number; staleAfterMs: number },
): { readonly liveness: Liveness | null; readonly reason: string | null } {
  if (facts.status !== 'running' && facts.status !== 'pending') return { liveness: null, reason: null }
  const { owner } = facts
  if (owner?.alive === true) return { liveness: 'live', reason: `process ${owner.pid} on ${owner.host} runs it` }
  if (owner?.alive === false) return { liveness: 'orphaned', reason: `its process ${owner.pid} ended` }
  if (facts.lastActivityMs === null || nowMs - facts.lastActivityMs > staleAfterMs) {
    return {
      liveness: 'orphaned',
      reason: `nothing was recorded for more than ${Math.round(staleAfterMs / 3_600_000)} h`,
    }
  }
  return { liveness: 'unconfirmed', reason: 'another program wrote it recently; whether it still runs cannot be told' }
}
