/**
 * The edges of the last `count` whole hours or days of local time, oldest first, the stretch that holds `nowMs` last:
 * `count + 1` times in ms. A day keeps its edges at midnight when the clocks are changed.
 */
export function stretchEdges(unit: 'hour' | 'day', { count, nowMs }: { count: number; nowMs: number }): number[] {
  return Array.from({ length: count + 1 }, (_, index) => {
    const back = count - 1 - index
    const edge = new Date(nowMs)
    if (unit === 'day') {
      edge.setHours(0, 0, 0, 0)
      edge.setDate(edge.getDate() - back)
      return edge.getTime()
    }
    edge.setMinutes(0, 0, 0)
    return edge.getTime() - back * 3_600_000
  })
}

/** In which stretch between the edges the time lies; -1 for none. */
export function stretchAt(edges: readonly number[], ms: number): number {
  if (ms < (edges[0] ?? Number.POSITIVE_INFINITY) || ms >= (edges.at(-1) ?? 0)) return -1
  let low = 0
  let high = edges.length - 1
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((edges[middle] ?? 0) <= ms) low = middle
    else high = middle
  }
  return low
}
