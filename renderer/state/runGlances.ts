import { mostGlances, type RunGlances } from '../../shared/runList'

/** What is known of a row before it is there itself. */
export interface Glance {
  readonly workflowName: string
  /** Null when unknown. */
  readonly startedMs: number | null
}

/** The glances of one order of a list, taken in chunks. */
export interface GlanceTable {
  readonly order: string
  readonly at: (index: number) => Glance | undefined
  readonly has: (index: number) => boolean
  /** Where the chunk begins that is missing and nearest to the row; undefined when none is. */
  readonly nextBeside: (index: number) => number | undefined
  readonly take: (offset: number, glances: RunGlances) => void
}

/** Some 12 bytes a row. */
export function createGlanceTable(order: string, total: number): GlanceTable {
  const nameAt = new Uint32Array(total)
  const startedAt = new Float64Array(total)
  const names: string[] = []
  const numbers = new Map<string, number>()
  const chunks = Math.ceil(total / mostGlances)
  const taken = new Set<number>()
  const chunkOf = (index: number): number => Math.floor(index / mostGlances)
  const numberOf = (name: string): number => {
    const known = numbers.get(name)
    if (known !== undefined) return known
    numbers.set(name, names.length)
    return names.push(name) - 1
  }
  return {
    order,
    has: (index) => taken.has(chunkOf(index)),
    at: (index) => {
      if (index >= total || !taken.has(chunkOf(index))) return undefined
      return { workflowName: names[nameAt[index] ?? 0] ?? '', startedMs: startedAt[index] || null }
    },
    nextBeside: (index) => {
      const here = chunkOf(index)
      for (let away = 0; away < chunks; away++)
        for (const chunk of [here + away, here - away])
          if (chunk >= 0 && chunk < chunks && !taken.has(chunk)) return chunk * mostGlances
      return undefined
    },
    take: (offset, { names: sent, rows }) => {
      const known = sent.map(numberOf)
      for (let row = 0; row * 2 < rows.length && offset + row < total; row++) {
        nameAt[offset + row] = known[rows[row * 2] ?? 0] ?? 0
        startedAt[offset + row] = rows[row * 2 + 1] ?? 0
      }
      taken.add(chunkOf(offset))
    },
  }
}
