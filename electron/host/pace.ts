/** Lets `perSecond` things happen, and up to `burst` at once after a rest. */
export interface Pace {
  /** Takes one place. 0: go on; else in how many ms there is one. */
  readonly take: () => number
}

/** A token bucket over a clock in ms. */
export function createPace({
  perSecond,
  burst,
  now,
}: {
  readonly perSecond: number
  readonly burst: number
  readonly now: () => number
}): Pace {
  let places = burst
  let lastMs = now()
  return {
    take: () => {
      const atMs = now()
      places = Math.min(burst, places + ((atMs - lastMs) * perSecond) / 1_000)
      lastMs = atMs
      if (places < 1) return Math.ceil(((1 - places) * 1_000) / perSecond)
      places -= 1
      return 0
    },
  }
}
