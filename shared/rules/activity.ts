/** When something happened, counted in equal stretches. */
export interface Activity {
  readonly counts: readonly number[]
  /** Ms since 1970; null when nothing happened. */
  readonly fromMs: number | null
  readonly bucketMs: number
}

export const activityBuckets = 24
const leastBucketMs = 60_000

/** Counts times (ms) in 24 stretches from the first to the last of them; a stretch is a minute or longer. */
export function activityOf(timesMs: Iterable<number>): Activity {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  const all = [...timesMs]
  for (const time of all) {
    if (time < first) first = time
    if (time > last) last = time
  }
  const counts = Array.from({ length: activityBuckets }, () => 0)
  if (all.length === 0) return { counts, fromMs: null, bucketMs: leastBucketMs }
  const bucketMs = Math.max(leastBucketMs, Math.ceil((last - first + 1) / activityBuckets))
  for (const time of all) {
    const bucket = Math.min(activityBuckets - 1, Math.floor((time - first) / bucketMs))
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  return { counts, fromMs: first, bucketMs }
}
