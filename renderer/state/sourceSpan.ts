import type { SourceRun, SourceStep } from '../../shared/sourceRuns'

/**
 * The time that the steps of a remote run are drawn in, in ms: from when its work began to its end, to now while it may go
 * on. Steps that a fork took over lie before it and do not count.
 */
export function spanOf(
  { createdAt, startedAt, completedAt, forkedFrom, phase }: SourceRun,
  steps: readonly SourceStep[],
  nowMs: number,
): readonly [number, number] {
  const created = Date.parse(createdAt ?? '')
  const own = steps.filter((step) => forkedFrom === null || !(Date.parse(step.completedAt ?? '') < created))
  const begins = [startedAt, ...own.map((step) => step.startedAt)].map((at) => Date.parse(at ?? ''))
  // A wait is written down when it begins, with an end that is still to come.
  const ends = [completedAt, ...own.map((step) => step.completedAt)].map((at) => Math.min(nowMs, Date.parse(at ?? '')))
  const from = Math.min(...begins.filter(isTime))
  const goesOn = completedAt === null && phase === 'running'
  const to = Math.max(...ends.filter(isTime), ...(goesOn ? [nowMs] : []))
  return isTime(from) && isTime(to) && to > from ? [from, to] : [isTime(from) ? from : 0, (isTime(from) ? from : 0) + 1]
}

function isTime(ms: number): boolean {
  return Number.isFinite(ms)
}
