/** A step as far as its order is concerned. */
interface Ordered {
  readonly name: string
  readonly dependsOn: readonly string[]
}

/**
 * The steps that could start at the same time, wave after wave, and, when steps wait for each other, one circle of names
 * that ends with its first. Dependencies on steps that are not there do not count.
 */
export function orderSteps(steps: readonly Ordered[]): {
  readonly waves: readonly (readonly string[])[]
  readonly circle: readonly string[] | null
} {
  const byName = new Map(steps.map((step) => [step.name, step]))
  const missing = new Map<string, number>()
  const below = new Map<string, string[]>()
  for (const { name, dependsOn } of byName.values()) {
    const known = new Set(dependsOn.filter((dependency) => byName.has(dependency)))
    missing.set(name, known.size)
    for (const dependency of known) {
      const waiting = below.get(dependency)
      if (waiting) waiting.push(name)
      else below.set(dependency, [name])
    }
  }
  const waves: string[][] = []
  let wave = [...byName.keys()].filter((name) => missing.get(name) === 0)
  while (wave.length > 0) {
    waves.push(wave)
    const next: string[] = []
    for (const name of wave) {
      for (const waiting of below.get(name) ?? []) {
        const left = (missing.get(waiting) ?? 0) - 1
        missing.set(waiting, left)
        if (left === 0) next.push(waiting)
      }
    }
    wave = next
  }
  return { waves, circle: circleAmong([...byName.values()].filter(({ name }) => (missing.get(name) ?? 0) > 0)) }
}

/** Every one of these waits for another of them, or for a circle: going from one to the next must come back. */
function circleAmong(stuck: readonly Ordered[]): readonly string[] | null {
  const byName = new Map(stuck.map((step) => [step.name, step]))
  const trail: string[] = []
  const placeOf = new Map<string, number>()
  let step = stuck[0]
  while (step) {
    const seenAt = placeOf.get(step.name)
    if (seenAt !== undefined) return [...trail.slice(seenAt), step.name].reverse()
    placeOf.set(step.name, trail.length)
    trail.push(step.name)
    const next = step.dependsOn.find((dependency) => byName.has(dependency))
    step = next === undefined ? undefined : byName.get(next)
  }
  return null
}
