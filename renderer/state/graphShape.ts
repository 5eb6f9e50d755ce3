/** What the graph needs of a step. */
export interface GraphStep {
  readonly name: string
  readonly dependsOn: readonly string[]
}

/** One box of the graph: a step, or many steps that stand at the same place. */
export interface GraphNode {
  /** Unique; holds no text of a file. */
  readonly id: string
  /** Indexes of its steps. */
  readonly steps: readonly number[]
  /** How many steps must end before it, at least, counted along the longest way. */
  readonly wave: number
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
}

export interface GraphShape {
  /** In the order of their waves. */
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** Up to this many steps each step has a box of its own. */
export const fullGraphSteps = 300
/** Fewer steps of one place are not put together. */
const leastTogether = 3

/**
 * The boxes and arrows of a workflow's steps. Over {@link fullGraphSteps} steps, those that wait for the same steps and
 * are waited for by the same ones share a box, unless its id is in `opened`. Names that no step has, and circles, which
 * files of others may hold, are left out.
 */
export function toGraphShape(steps: readonly GraphStep[], opened: ReadonlySet<string> = new Set()): GraphShape {
  const before = dependenciesOf(steps)
  const waves = wavesOf(before)
  const members = steps.length > fullGraphSteps ? together(before, opened) : steps.map((_, index) => [index])
  const nodes = members
    .map((indexes) => ({ id: idOf(indexes), steps: indexes, wave: waves[indexes[0] ?? 0] ?? 0 }))
    .sort((one, other) => one.wave - other.wave || (one.steps[0] ?? 0) - (other.steps[0] ?? 0))
  const nodeOf = new Map(nodes.flatMap(({ id, steps: indexes }) => indexes.map((index) => [index, id] as const)))
  const edges = new Map<string, GraphEdge>()
  before.forEach((dependencies, index) => {
    for (const dependency of dependencies) {
      const from = nodeOf.get(dependency)
      const to = nodeOf.get(index)
      if (from !== undefined && to !== undefined && from !== to) edges.set(`${from} ${to}`, { from, to })
    }
  })
  return { nodes, edges: [...edges.values()] }
}

/** For each step the indexes of the steps that it waits for. */
function dependenciesOf(steps: readonly GraphStep[]): readonly (readonly number[])[] {
  const byName = new Map<string, number>()
  steps.forEach(({ name }, index) => {
    if (!byName.has(name)) byName.set(name, index)
  })
  return steps.map(({ dependsOn }, index) => {
    const found = dependsOn.flatMap((name) => byName.get(name) ?? [])
    return [...new Set(found)].filter((dependency) => dependency !== index).sort((one, other) => one - other)
  })
}

/** The wave of each step. Whatever waits for itself in a circle stands in the wave after those that do not. */
function wavesOf(before: readonly (readonly number[])[]): readonly number[] {
  const after: number[][] = before.map(() => [])
  const missing = before.map((dependencies) => dependencies.length)
  before.forEach((dependencies, index) => {
    for (const dependency of dependencies) after[dependency]?.push(index)
  })
  const waves: number[] = before.map(() => 0)
  const ready = missing.flatMap((count, index) => (count === 0 ? [index] : []))
  const seen = new Set<number>()
  for (let place = 0; place < ready.length; place++) {
    const index = ready[place] ?? 0
    seen.add(index)
    for (const next of after[index] ?? []) {
      waves[next] = Math.max(waves[next] ?? 0, (waves[index] ?? 0) + 1)
      const left = (missing[next] ?? 0) - 1
      missing[next] = left
      if (left === 0) ready.push(next)
    }
  }
  const last = Math.max(-1, ...[...seen].map((index) => waves[index] ?? 0))
  return waves.map((wave, index) => (seen.has(index) ? wave : last + 1))
}

function together(before: readonly (readonly number[])[], opened: ReadonlySet<string>): readonly (readonly number[])[] {
  const after: number[][] = before.map(() => [])
  before.forEach((dependencies, index) => {
    for (const dependency of dependencies) after[dependency]?.push(index)
  })
  const places = new Map<string, number[]>()
  before.forEach((dependencies, index) => {
    const place = `${dependencies.join(' ')}|${after[index]?.join(' ')}`
    const found = places.get(place)
    if (found) found.push(index)
    else places.set(place, [index])
  })
  return [...places.values()].flatMap((indexes) =>
    indexes.length < leastTogether || opened.has(idOf(indexes)) ? indexes.map((index) => [index]) : [indexes],
  )
}

function idOf(indexes: readonly number[]): string {
  return indexes.length === 1 ? `step ${indexes[0]}` : `steps ${indexes[0]} and ${indexes.length - 1} more`
}
