import { createHash, hash } from 'node:crypto'
import { createReadStream, readlinkSync, realpathSync, type Stats } from 'node:fs'
import { dirname, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { readBytesNow, statNow } from '../files/boundedRead'

export interface LocalFile {
  readonly exists: boolean
  readonly sizeBytes: number | null
  /** Null for what is missing or cannot be read. */
  readonly sha256: string | null
}

/** The local files of a mount, each hashed again only when it changed. */
export interface LocalFiles {
  /** Looks at once; gives a promise for a file that takes long to hash. */
  readonly look: (path: string | null) => LocalFile | Promise<LocalFile>
  /** Is the file another one than when it was last looked at? */
  readonly isChanged: (path: string) => boolean
  /** Forgets which folders lie inside of the mount, to look again. */
  readonly forgetFolders: () => void
}

/** What was last found at a path, and when it counts as another file. */
interface Known {
  /** Null when nothing was there. */
  readonly ino: number | null
  readonly size: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  readonly file: LocalFile
}

const missing: LocalFile = { exists: false, sizeBytes: null, sha256: null }
/** What is larger is not hashed: no mount sends it. */
const maxHashedBytes = 256 * 1024 * 1024

/**
 * Hashes the local files of a mount. A link counts as its target's name, which is what a mount sends of it; a folder that
 * is a link out of the mount is not followed, what lies behind it counts as missing.
 */
export function createLocalFiles(localDir: string): LocalFiles {
  const known = new Map<string, Known>()
  const insides = new Set<string>()
  let root: string | undefined

  const isInside = (folder: string): boolean => {
    if (insides.has(folder)) return true
    try {
      root ??= realpathSync(localDir)
      const real = realpathSync(folder)
      if (real !== root && !real.startsWith(`${root}${sep}`)) return false
      insides.add(folder)
      return true
    } catch {
      return false // Missing, or not to be read: nothing can be seen behind it.
    }
  }
  const statsOf = (path: string): Stats | undefined => (isInside(dirname(path)) ? statNow(path) : undefined)

  return {
    look: (path) => {
      if (path === null) return missing
      const before = known.get(path)
      const seen = before && statsOf(path)
      if (before && isSame(before, seen)) return before.file
      const keep = (found: Stats | undefined, file: LocalFile): LocalFile => {
        known.set(path, toKnown(found, file))
        return file
      }
      if (!isInside(dirname(path))) return keep(undefined, missing)
      const { bytes, stats = statNow(path) } = readBytesNow(path)
      if (!stats || (!stats.isFile() && !stats.isSymbolicLink())) return keep(stats, missing)
      const of = (sha256: string | null): LocalFile => keep(stats, { exists: true, sizeBytes: stats.size, sha256 })
      if (bytes) return of(hash('sha256', bytes, 'hex'))
      if (stats.isSymbolicLink()) return of(hashOfLink(path))
      return stats.size > maxHashedBytes ? of(null) : hashFile(path).then(of)
    },
    isChanged: (path) => {
      const before = known.get(path)
      return before !== undefined && !isSame(before, statsOf(path))
    },
    forgetFolders: () => insides.clear(),
  }
}

function toKnown(found: Stats | undefined, file: LocalFile): Known {
  if (!found) return { ino: null, size: 0, mtimeMs: 0, ctimeMs: 0, file }
  const { ino, size, mtimeMs, ctimeMs } = found
  return { ino, size, mtimeMs, ctimeMs, file }
}

function isSame(known: Known, found: Stats | undefined): boolean {
  if (!found) return known.ino === null
  const { ino, size, mtimeMs, ctimeMs } = found
  return known.ino === ino && known.size === size && known.mtimeMs === mtimeMs && known.ctimeMs === ctimeMs
}

function hashOfLink(path: string): string | null {
  try {
    return createHash('sha256').update(readlinkSync(path)).digest('hex')
  } catch {
    return null
  }
}

async function hashFile(path: string): Promise<string | null> {
  const sum = createHash('sha256')
  try {
    await pipeline(createReadStream(path), sum)
    return sum.digest('hex')
  } catch {
    return null
  }
}
