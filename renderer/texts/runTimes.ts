import { isCountedInSeconds } from './times'

/** What of a run tells of times. */
interface RunTimes {
  readonly status: string
  readonly liveness: string | null
  readonly startedAt: string | null
  readonly completedAt: string | null
  readonly retry: object | null
}

/** Do the words about a run change from second to second: does it go on, wait for a retry, or has something of it just happened? */
export function countsSeconds(run: RunTimes | undefined, nowMs = Date.now()): boolean {
  if (!run) return false
  const goes = (run.status === 'running' || run.status === 'pending') && run.liveness !== 'orphaned'
  return goes || run.retry !== null || [run.startedAt, run.completedAt].some((at) => isCountedInSeconds(at, nowMs))
}
