/** How long one kind of request took so far, in ms. */
export interface Timing {
  readonly name: string
  readonly count: number
  readonly meanMs: number
  readonly longestMs: number
}

/** How long requests took since the start of this process. */
export interface Timings {
  readonly add: (name: string, tookMs: number) => void
  /** Those that took longest first. */
  readonly list: () => readonly Timing[]
}

/** Starts with nothing. */
export function createTimings(): Timings {
  const kinds = new Map<string, { count: number; sumMs: number; longestMs: number }>()
  return {
    add: (name, tookMs) => {
      const kind = kinds.get(name) ?? { count: 0, sumMs: 0, longestMs: 0 }
      kind.count++
      kind.sumMs += tookMs
      kind.longestMs = Math.max(kind.longestMs, tookMs)
      kinds.set(name, kind)
    },
    list: () =>
      [...kinds]
        .map(([name, { count, sumMs, longestMs }]) => ({
          name,
          count,
          meanMs: toTenth(sumMs / count),
          longestMs: toTenth(longestMs),
        }))
        .sort((left, right) => right.longestMs - left.longestMs),
  }
}

function toTenth(ms: number): number {
  return Math.round(ms * 10) / 10
}
