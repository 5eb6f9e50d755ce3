import { setFlagsFromString } from 'node:v8'

/** What V8 does on other threads beside the program: it optimizes what is hot, and looks for what nobody needs any more. */
const flags = ['opt', 'incremental-marking']
/** How long, in ms. What is still hot then is worth it. */
const holdMs = 1_000

/**
 * Keeps V8 from work in the background for the first second of a run: it takes the processors that the steps need, and most
 * runs end before it pays. Under a flag V8 takes no code that was compiled without it: this is called when all that the run
 * needs is loaded, and taken back before the code that was compiled is kept (launch.ts).
 */
export function holdBackground(): void {
  for (const flag of flags) setFlagsFromString(`--no-${flag}`)
  setTimeout(release, holdMs).unref()
  process.prependOnceListener('exit', release)
}

function release(): void {
  for (const flag of flags) setFlagsFromString(`--${flag}`)
}
