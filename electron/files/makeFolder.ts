import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from './atomicWrite'

const making = new Map<string, Promise<string>>()

/**
 * Makes a folder, with its parents, that the user alone may enter, and leaves what is there as it is; gives its path. The
 * names of new ones are durable then. Throws the system's error.
 */
export function makeFolder(path: string): Promise<string> {
  const going = making.get(path)
  if (going) return going
  const made = make(path).finally(() => making.delete(path))
  making.set(path, made)
  return made
}

async function make(path: string): Promise<string> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return path
  for (let at = path; at.length >= first.length; at = dirname(at)) await syncFolder(join(at, '..'))
  return path
}
