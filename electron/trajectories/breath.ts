import { setImmediate as nextTurn } from 'node:timers/promises'

const turnMs = 12
/** The clock is looked at once per so many calls. */
const callsPerLook = 64

/** Gives a function to call, and await, in every round of a long loop: it gives up the thread every 12 ms. */
export function createBreath(): () => Promise<void> | undefined {
  let calls = 0
  let turnStart = performance.now()
  return () => {
    if (++calls % callsPerLook !== 0 || performance.now() - turnStart <= turnMs) return undefined
    return nextTurn().then(() => {
      turnStart = performance.now()
    })
  }
}
