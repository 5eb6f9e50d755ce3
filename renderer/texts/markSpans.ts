import type { AnsiSpan } from './ansiSpans'

/** A piece of a line, with whether the searched text stands there. */
export interface MarkedSpan {
  readonly span: AnsiSpan
  readonly text: string
  readonly marked: boolean
}

/** Cuts the pieces of a line where the searched text begins and ends. Nothing is marked for an empty one. */
export function markSpans(
  spans: readonly AnsiSpan[],
  { query, caseSensitive }: { readonly query: string; readonly caseSensitive: boolean },
): readonly MarkedSpan[] {
  const fold = (text: string): string => (caseSensitive ? text : text.toLowerCase())
  const whole = fold(spans.map(({ text }) => text).join(''))
  const wanted = fold(query)
  const ranges: (readonly [number, number])[] = []
  for (let at = wanted === '' ? -1 : whole.indexOf(wanted); at !== -1; at = whole.indexOf(wanted, at + wanted.length))
    ranges.push([at, at + wanted.length])
  let from = 0
  return spans.flatMap((span) => {
    const to = from + span.text.length
    const cuts = new Set([from, to])
    for (const [begin, end] of ranges) {
      if (begin > from && begin < to) cuts.add(begin)
      if (end > from && end < to) cuts.add(end)
    }
    const places = [...cuts].sort((one, other) => one - other)
    const base = from
    from = to
    return places.slice(1).map((end, index) => {
      const begin = places[index] ?? base
      return {
        span,
        text: span.text.slice(begin - base, end - base),
        marked: ranges.some(([first, last]) => begin >= first && end <= last),
      }
    })
  })
}
