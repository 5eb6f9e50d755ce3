import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

export interface LocalFile {
  readonly exists: boolean
  readonly sizeBytes: number | null
  readonly sha256: string | null
}

const missing: LocalFile = { exists: false, sizeBytes: null, sha256: null }

/** Hashes local files, each again only when it changed. Anything but a readable plain file counts as missing. */
export function createLocalFiles(): (path: string | null) => Promise<LocalFile> {
  const known = new Map<string, { readonly stamp: string; readonly file: LocalFile }>()
  return async (path) => {
    if (path === null) return missing
    const found = await stat(path).catch(() => undefined)
    if (!found?.isFile()) return missing
    const stamp = `${found.ino} ${found.size} ${found.mtimeMs}`
    const before = known.get(path)
    if (before?.stamp === stamp) return before.file
    const sha256 = await hashFile(path)
    const file = { exists: sha256 !== null, sizeBytes: found.size, sha256 }
    known.set(path, { stamp, file })
    return file
  }
}

async function hashFile(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
    return hash.digest('hex')
  } catch {
    return null
  }
}
