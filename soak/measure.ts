import { readdirSync } from 'node:fs'
import { family, proportionalMib } from '../bench/window/openWindow'

/** What a minute, or another stretch of time, took. */
export interface Stretch {
  /** The median of the memory of all processes of the app, what they share counted in parts, in MiB. */
  readonly memoryMib: number
  /** The fewest files that main had open. */
  readonly files: number
  /** The fewest processes that there were, those of steps among them. */
  readonly processes: number
}

/** Looks at a process and its family every second; `take` gives what was seen since the last time. */
export function watch(pid: number): { readonly take: () => Stretch; readonly stop: () => void } {
  let seen: Stretch[] = []
  const look = (): void => {
    const pids = family(pid)
    seen.push({
      memoryMib: proportionalMib(pids),
      files: readdirSync(`/proc/${pid}/fd`).length,
      processes: pids.length,
    })
  }
  const timer = setInterval(look, 1_000)
  return {
    take: () => {
      look()
      const taken = seen
      seen = []
      return {
        memoryMib: middle(taken.map(({ memoryMib }) => memoryMib)),
        files: Math.min(...taken.map(({ files }) => files)),
        processes: Math.min(...taken.map(({ processes }) => processes)),
      }
    },
    stop: () => clearInterval(timer),
  }
}

function middle(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0)
}
