import type { WritebackSummary } from '../../shared/writebacks'
import type { MountDesk } from './mountDesk'

/** What is counted over some mounts. */
export function summaryOf(desks: readonly MountDesk[]): WritebackSummary {
  const views = desks.flatMap((desk) => desk.view() ?? [])
  const lastErrorByProvider: Record<string, string> = {}
  const summary = { pending: 0, undelivered: 0, stuck: 0, failedAttemptsEver: 0, lastErrorByProvider }
  for (const { scan, counts } of views) {
    summary.pending += scan.outboxCount('pending')
    summary.failedAttemptsEver += Math.trunc(scan.state?.failedWritebacks ?? 0)
    for (const { provider, lastError } of scan.state?.providers ?? [])
      if (provider && lastError) lastErrorByProvider[provider] = lastError
    summary.undelivered += counts.undelivered
    summary.stuck += counts.stuck
  }
  return summary
}
