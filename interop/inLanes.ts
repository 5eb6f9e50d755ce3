/** Starts the work in order, at most so many at a time, and gives the promise of each at once. */
export function inLanes<T>(lanes: number, work: readonly (() => Promise<T>)[]): readonly Promise<T>[] {
  let free = lanes
  const waiting: (() => void)[] = []
  const enter = async (): Promise<void> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next) next()
    else free++
  }
  return work.map(async (one) => {
    await enter()
    return one().finally(leave)
  })
}
