import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Gives a function to call, and await, in every round of a long loop: it gives up the thread every `turnMs`. It looks at the
 * clock once per `callsPerLook` calls. What it gives rejects with the reason of `signal` once that is aborted.
 */
export function createBreath(callsPerLook = 64, signal?: AbortSignal, turnMs = 6): () => Promise<void> | undefined {
  let calls = 0
  let turnStart = performance.now()
  return () => {
    if (++calls % callsPerLook !== 0 || performance.now() - turnStart <= turnMs) return undefined
    return nextTurn().then(() => {
      signal?.throwIfAborted()
      turnStart = performance.now()
    })
  }
}
