import { existsSync, statSync } from 'node:fs'
import { relative } from 'node:path'
import { interposeDisk } from './interposeDisk.testkit'

/** Something that a program did to the files of a folder, with paths relative to it; or that it acknowledged a change. */
export type DiskEvent =
  | { readonly kind: 'make folder' | 'make file' | 'remove' | 'sync' | 'sync folder'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'rename' | 'link'; readonly path: string; readonly from: string }
  | { readonly kind: 'acknowledge'; readonly path: ''; readonly id: string }

/** Records what the action does to the disk under the folder. What cannot be replayed, such as a truncation, fails. */
export async function traceDisk(
  folder: string,
  action: (acknowledge: (id: string) => void) => Promise<void>,
): Promise<readonly DiskEvent[]> {
  const events: DiskEvent[] = []
  const fresh = new Set<string>()
  const sizes = new Map<string, number>()
  const name = (path: string): string => relative(folder, path)
  const stop = interposeDisk(folder, {
    before: ({ kind, path }) => {
      if ((kind === 'open' || kind === 'mkdir') && !existsSync(path)) fresh.add(path)
      if (kind === 'write') sizes.set(path, statSync(path).size)
      return undefined
    },
    after: ({ kind, path, from, flags = 'r', data, position }, bytes) => {
      const isNew = fresh.delete(path)
      if (kind === 'open' && isNew) events.push({ kind: 'make file', path: name(path) })
      else if (kind === 'open' && flags.startsWith('w')) throw new Error(`${path} was truncated`)
      else if (kind === 'mkdir' && isNew) events.push({ kind: 'make folder', path: name(path) })
      else if (kind === 'remove' && !existsSync(path)) events.push({ kind: 'remove', path: name(path) })
      else if (kind === 'sync') {
        const isFolder = statSync(path).isDirectory()
        events.push({ kind: isFolder ? 'sync folder' : 'sync', path: name(path) })
      } else if (kind === 'rename' || kind === 'link') events.push({ kind, path: name(path), from: name(from ?? '') })
      else if (kind === 'write' && data) {
        const offset = position ?? (flags.startsWith('a') ? sizes.get(path) : (sizes.get(path) ?? 0)) ?? 0
        events.push({ kind, path: name(path), offset, data: Buffer.from(data.subarray(0, bytes)) })
      } else if (kind === 'truncate') throw new Error(`${path} was truncated`)
    },
  })
  try {
    await action((id) => events.push({ kind: 'acknowledge', path: '', id }))
  } finally {
    stop()
  }
  return events
}
