/** A time from and to, in ms. */
export type TimeSpan = readonly [number, number]

/** Places times on a line from 0 to 1. */
export interface TimeScale {
  readonly span: TimeSpan
  /** Where a time stands; outside of 0 to 1 when it lies outside of the span. */
  readonly placeOf: (ms: number) => number
  /** The time that stands there. */
  readonly timeAt: (place: number) => number
  /** The times that were left out, and where. */
  readonly gaps: readonly { readonly from: number; readonly to: number; readonly leftOutMs: number }[]
}

/** What a time that is left out still takes of the line. */
const gapShare = 0.02

/** A scale of the span without the `left out` times, which are in order and do not overlap. */
export function createTimeScale(span: TimeSpan, leftOut: readonly TimeSpan[] = []): TimeScale {
  const [from, to] = span
  const idle = leftOut
    .map(([begin, end]): TimeSpan => [Math.max(from, begin), Math.min(to, end)])
    .filter(([begin, end]) => end > begin)
  const idleMs = idle.reduce((sum, [begin, end]) => sum + end - begin, 0)
  const shown = Math.max(1, to - from - idleMs)
  const perMs = (1 - gapShare * idle.length) / shown
  const gaps: { from: number; to: number; leftOutMs: number }[] = []
  /** Where the line goes on behind each gap. */
  const pieces: { ms: number; place: number }[] = [{ ms: from, place: 0 }]
  for (const [begin, end] of idle) {
    const last = pieces.at(-1) ?? { ms: from, place: 0 }
    const at = last.place + (begin - last.ms) * perMs
    gaps.push({ from: at, to: at + gapShare, leftOutMs: end - begin })
    pieces.push({ ms: end, place: at + gapShare })
  }
  return {
    span,
    gaps,
    placeOf: (ms) => {
      const piece = pieces.findLast((one) => one.ms <= ms) ?? { ms: from, place: 0 }
      const place = piece.place + (ms - piece.ms) * perMs
      const gap = gaps.find((one) => place > one.from && piece.place <= one.from)
      return gap ? Math.min(place, gap.from + gapShare / 2) : place
    },
    timeAt: (place) => {
      const piece = pieces.findLast((one) => one.place <= place) ?? { ms: from, place: 0 }
      const gap = gaps.find((one) => place > one.from && place < one.to)
      const at = gap ? gap.from : place
      return piece.ms + (at - piece.place) / perMs
    },
  }
}

/** The least that a zoom shows, in ms. */
const leastMs = 1

/** The part of a span around `place` (0 to 1) that is `factor` times as long, never longer than `whole`. */
export function zoomed(
  [from, to]: TimeSpan,
  { factor, around, whole }: { readonly factor: number; readonly around: number; readonly whole: TimeSpan },
): TimeSpan | null {
  const length = Math.max(leastMs, (to - from) * factor)
  if (length >= whole[1] - whole[0]) return null
  return within([around - length / 2, around + length / 2], whole)
}

/** The span moved by so many ms, but not out of `whole`. */
export function moved([from, to]: TimeSpan, ms: number, whole: TimeSpan): TimeSpan {
  return within([from + ms, to + ms], whole)
}

function within([from, to]: TimeSpan, [first, last]: TimeSpan): TimeSpan {
  const shift = Math.max(0, first - from) - Math.max(0, to - last)
  return [Math.max(first, from + shift), Math.min(last, to + shift)]
}
