/** One press of Ctrl-C may come more than once within this time, in ms: npm and the launcher hand on what a terminal tells all. */
const samePressMs = 1_000

/**
 * Calls `act` once, when a person interrupts this process, ends it or, unless other signals are named, closes its
 * terminal; gives what stops that. Who interrupts or ends it again ends it at once, after `sayAtOnce`, with 128 and the number of the signal
 * as exit code.
 */
export function onInterrupt({
  act,
  sayAtOnce,
  signals = ['SIGINT', 'SIGTERM', 'SIGHUP'],
}: {
  readonly act: (signal: NodeJS.Signals) => void
  readonly sayAtOnce: () => void
  readonly signals?: readonly NodeJS.Signals[]
}): () => void {
  let firstMs: number | undefined
  const hear = (signal: NodeJS.Signals, number: number): void => {
    if (firstMs === undefined) {
      firstMs = performance.now()
      act(signal)
    } else if (signal !== 'SIGHUP' && performance.now() - firstMs > samePressMs) {
      sayAtOnce()
      process.exit(128 + number)
    }
  }
  for (const signal of signals) process.on(signal, hear)
  return () => {
    for (const signal of signals) process.off(signal, hear)
  }
}
