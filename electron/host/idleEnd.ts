const looksPerPeriod = 8
const longestLookMs = 15_000

/** Calls back once when `isBusy` was false at every look for `afterMs`; gives what stops that. */
export function whenIdle({
  afterMs,
  isBusy,
  onIdle,
}: {
  readonly afterMs: number
  readonly isBusy: () => boolean
  readonly onIdle: () => void
}): () => void {
  let busyAt = Date.now()
  const timer = setInterval(
    () => {
      if (isBusy()) busyAt = Date.now()
      if (Date.now() - busyAt < afterMs) return
      clearInterval(timer)
      onIdle()
    },
    Math.min(afterMs / looksPerPeriod, longestLookMs),
  )
  return () => clearInterval(timer)
}
