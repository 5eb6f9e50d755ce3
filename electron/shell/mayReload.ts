/** So many crashes of a window within so many ms are loaded again without a question. */
const [mostCrashes, withinMs] = [3, 60_000]

/** May a window be loaded again by itself that crashed at these times, the last one now? More would go on for ever. */
export function mayReload(crashesMs: readonly number[]): boolean {
  const now = crashesMs.at(-1) ?? 0
  return crashesMs.filter((at) => now - at < withinMs).length <= mostCrashes
}
