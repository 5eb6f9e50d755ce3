import type { DiskCall } from './diskCalls.testkit'
import { type DiskFault, interposeDisk } from './interposeDisk.testkit'

/** What a disk refuses, until it is well again. */
export interface Refusal {
  /** `open` refuses opening for writing only. */
  readonly call: 'open' | 'write' | 'sync' | 'read'
  /** The system's error: `ENOSPC`, `EIO`, … */
  readonly code: string
  /** write: this many bytes still fit, the last of them as a short write. read: this many calls still succeed. */
  readonly room?: number
}

export interface FaultyDisk {
  readonly refuse: (refusal: Refusal) => void
  readonly heal: () => void
  /** Does something that the disk never refuses. */
  readonly spared: <T>(action: () => Promise<T>) => Promise<T>
  readonly stop: () => void
}

/** A disk that refuses calls on one file, or on all in a folder, when it is told to. The errors are the system's own, the rest is real. */
export function makeFaultyDisk(path: string): FaultyDisk {
  let refusal: Refusal | undefined
  let room = 0
  let sparing = 0

  const before = (call: DiskCall): DiskFault | undefined => {
    if (!refusal || sparing > 0 || call.kind !== refusal.call) return undefined
    if (call.kind === 'open' && call.flags === 'r') return undefined
    if (call.kind === 'read' && room-- > 0) return undefined
    if (call.flags === 'r+' && refusal.code === 'ENOSPC') return undefined // What is written in place needs no room.
    const bytes = call.kind === 'write' ? Math.min(room, call.data?.length ?? 0) : 0
    room -= bytes
    if (bytes > 0) return bytes === call.data?.length ? undefined : { bytes }
    const { code } = refusal
    return { bytes: 0, end: () => Object.assign(new Error(`${code}: refused by the test`), { code }) }
  }
  const stop = interposeDisk(path, { before })
  return {
    refuse: (next) => {
      refusal = next
      room = next.room ?? 0
    },
    heal: () => {
      refusal = undefined
    },
    spared: async (action) => {
      sparing++
      return action().finally(() => {
        sparing--
      })
    },
    stop,
  }
}
