import { setFlagsFromString } from 'node:v8'

/** How long, in ms. What is still hot then is worth it. */
const holdMs = 1_000

/**
 * Keeps V8 from optimizing for the first second of a run: what it would make on other threads takes the processors that the
 * shells of the steps need, and most runs end before it pays. Under a flag V8 takes no code that was compiled without it:
 * this is called when all that the run needs is loaded, and the flag is taken back before compiled code is kept (launch.ts).
 */
export function holdOptimizer(): void {
  setFlagsFromString('--no-opt')
  setTimeout(() => setFlagsFromString('--opt'), holdMs).unref()
}
