import { readdir } from 'node:fs/promises'
import { statOf } from '../files/boundedRead'

/** The commands that a mount marked for a person's attention, by their markers' names. */
export interface Markers {
  /** Gives the commands whose marker came or went. */
  readonly refresh: () => Promise<readonly string[]>
  readonly has: (command: string) => boolean
}

const ending = '.marker'

export function createMarkers(folder: string): Markers {
  let marked = new Set<string>()
  let stamp = ''
  return {
    has: (command) => marked.has(command),
    refresh: async () => {
      const stats = await statOf(folder).catch(() => undefined)
      const now = stats ? `${stats.ino} ${stats.mtimeMs}` : ''
      if (now === stamp) return []
      stamp = now
      const names = await readdir(folder).catch(() => [])
      const next = new Set(
        names
          .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
          .map((name) => name.slice(0, -ending.length)),
      )
      const changed = [...[...next].filter((one) => !marked.has(one)), ...[...marked].filter((one) => !next.has(one))]
      marked = next
      return changed
    },
  }
}
