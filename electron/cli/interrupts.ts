const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Calls back when a person interrupts this process, ends it, or closes its terminal; gives what stops that. */
export function onInterrupt(act: () => void): () => void {
  for (const signal of signals) process.on(signal, act)
  return () => {
    for (const signal of signals) process.off(signal, act)
  }
}
