import { setImmediate as nextTurn } from 'node:timers/promises'
import { forEachAtOnce } from './boundedRead'

/** How many items tell whether the disk answers at once. */
const probes = 32
const quickMs = 1
/** A disk that takes longer once is asked without waiting from then on. */
const slowMs = 8
const turnMs = 12

/**
 * Does something with every file of many. `act` does it without holding the thread; `actNow` does it at once, or gives
 * false for what would take long. Where the disk answers from memory the second is used, in stretches of at most 12 ms:
 * it costs a third. A slow disk never holds the thread.
 */
export async function forEachQuickly<T extends object | string>(
  items: readonly T[],
  { act, actNow }: { readonly act: (item: T) => Promise<void>; readonly actNow: (item: T) => boolean },
): Promise<void> {
  const probeStart = performance.now()
  await forEachAtOnce(items.slice(0, probes), act)
  let turnStart = performance.now()
  let isQuick = (turnStart - probeStart) / probes < quickMs
  let next = Math.min(probes, items.length)
  const long: T[] = []
  while (isQuick && next < items.length) {
    const before = performance.now()
    const item = items[next++]
    if (item !== undefined && !actNow(item)) long.push(item)
    const after = performance.now()
    isQuick = after - before < slowMs
    if (after - turnStart <= turnMs) continue
    await nextTurn()
    turnStart = performance.now()
  }
  await forEachAtOnce([...long, ...items.slice(next)], act)
}
