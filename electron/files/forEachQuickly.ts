import { setImmediate as nextTurn } from 'node:timers/promises'
import { forEachAtOnce } from './boundedRead'

/** How many items tell whether the disk answers at once: at first, and after one that took long. */
const [firstProbes, laterProbes] = [32, 4]
const quickMs = 1
/** When one item took longer than this, the next ones are asked without waiting again, to see. */
const slowMs = 8
const turnMs = 6

/**
 * Does something with every file of many. `act` does it without holding the thread; `actNow` does it at once, or gives
 * false for what would take long. Where the disk answers from memory the second is used, in stretches of at most 6 ms:
 * it costs a third. A slow disk never holds the thread.
 */
export async function forEachQuickly<T extends object | string>(
  items: readonly T[],
  { act, actNow }: { readonly act: (item: T) => Promise<void>; readonly actNow: (item: T) => boolean },
): Promise<void> {
  const long: T[] = []
  for (let next = 0; next < items.length; ) {
    const some = items.slice(next, next + (next === 0 ? firstProbes : laterProbes))
    const probeStart = performance.now()
    await forEachAtOnce(some, act)
    next += some.length
    // A busy machine changes threads slowly, however fast its disk is: then one item tells.
    let quickWithinMs = (performance.now() - probeStart) / some.length < quickMs ? slowMs : quickMs
    for (let turnStart = performance.now(); quickWithinMs > 0 && next < items.length; ) {
      const before = performance.now()
      const item = items[next++]
      if (item !== undefined && !actNow(item)) long.push(item)
      const after = performance.now()
      quickWithinMs = after - before < quickWithinMs ? slowMs : 0
      if (after - turnStart <= turnMs) continue
      await nextTurn()
      turnStart = performance.now()
    }
  }
  await forEachAtOnce(long, act)
}
