import { constants } from 'node:fs'

/** One call that a program makes to the disk, as Node's `fs` sees it. */
export interface DiskCall {
  readonly kind:
    | 'open'
    | 'read'
    | 'stat'
    | 'write'
    | 'sync'
    | 'truncate'
    | 'rename'
    | 'link'
    | 'remove'
    | 'mkdir'
    | 'mode'
  /** The file concerned; for a rename or link its new name. */
  readonly path: string
  /** rename, link: the old name. */
  readonly from?: string
  /** How the file was opened (`a+`, `wx`, …). */
  readonly flags?: string
  /** write: what is to be written. */
  readonly data?: Buffer
  /** write: where to; null: at the end, or behind the last write. truncate: the new length. */
  readonly position?: number | null
}

/** A file that is open, and how. */
export interface OpenFile {
  readonly path: string
  readonly flags: string
}

/** Calls that name a file. The same names exist as promises, as `…Sync` and with a callback. */
export const pathCalls: Readonly<Record<string, (args: readonly unknown[]) => DiskCall>> = {
  open: ([path, flags]) => ({ kind: 'open', path: String(path), flags: flagsText(flags) }),
  rename: ([from, path]) => ({ kind: 'rename', path: String(path), from: String(from) }),
  link: ([from, path]) => ({ kind: 'link', path: String(path), from: String(from) }),
  symlink: ([from, path]) => ({ kind: 'link', path: String(path), from: String(from) }),
  unlink: ([path]) => ({ kind: 'remove', path: String(path) }),
  rm: ([path]) => ({ kind: 'remove', path: String(path) }),
  rmdir: ([path]) => ({ kind: 'remove', path: String(path) }),
  mkdir: ([path]) => ({ kind: 'mkdir', path: String(path) }),
  chmod: ([path]) => ({ kind: 'mode', path: String(path) }),
  chown: ([path]) => ({ kind: 'mode', path: String(path) }),
  truncate: ([path, length]) => ({ kind: 'truncate', path: String(path), position: Number(length ?? 0) }),
  copyFile: ([from, path]) => ({ kind: 'link', path: String(path), from: String(from) }),
  readFile: ([path]) => ({ kind: 'read', path: String(path) }),
  readdir: ([path]) => ({ kind: 'read', path: String(path) }),
  stat: ([path]) => ({ kind: 'stat', path: String(path) }),
}

interface FileCall {
  /** Its name as a method of a FileHandle. */
  readonly method: string
  /** Its name as a function of a file descriptor, also with `Sync`. */
  readonly byFd: string
  readonly toCall: (file: OpenFile, args: readonly unknown[]) => DiskCall
}

/** Flags in letters; as a number only those for reading are told apart. */
function flagsText(flags: unknown): string {
  if (typeof flags === 'number') return (flags & (constants.O_WRONLY | constants.O_RDWR)) === 0 ? 'r' : 'w'
  return String(flags ?? 'r')
}

/** Calls on a file that is open. */
export const fileCalls: readonly FileCall[] = [
  { method: 'write', byFd: 'write', toCall: (file, args) => ({ ...file, kind: 'write', ...toWrite(args) }) },
  {
    method: 'writev',
    byFd: 'writev',
    toCall: (file, [parts, position]) => ({
      ...file,
      kind: 'write',
      data: Buffer.concat(Array.isArray(parts) ? parts.map(toBytes) : []),
      position: typeof position === 'number' ? position : null,
    }),
  },
  { method: 'sync', byFd: 'fsync', toCall: (file) => ({ ...file, kind: 'sync' }) },
  { method: 'datasync', byFd: 'fdatasync', toCall: (file) => ({ ...file, kind: 'sync' }) },
  {
    method: 'truncate',
    byFd: 'ftruncate',
    toCall: (file, [length]) => ({ ...file, kind: 'truncate', position: Number(length ?? 0) }),
  },
  { method: 'chmod', byFd: 'fchmod', toCall: (file) => ({ ...file, kind: 'mode' }) },
  { method: 'read', byFd: 'read', toCall: (file) => ({ ...file, kind: 'read' }) },
  { method: 'stat', byFd: 'fstat', toCall: (file) => ({ ...file, kind: 'stat' }) },
]

/** The arguments of a write, in any of the forms that Node takes: text or bytes, positional or by name. */
function toWrite([data, second, third, fourth]: readonly unknown[]): { data: Buffer; position: number | null } {
  if (typeof data === 'string') {
    const encoding = typeof third === 'string' && Buffer.isEncoding(third) ? third : 'utf8'
    return { data: Buffer.from(data, encoding), position: typeof second === 'number' ? second : null }
  }
  const bytes = toBytes(data)
  const named = typeof second === 'object' && second !== null ? (second as Record<string, unknown>) : undefined
  const [offset, length, position] = named ? [named.offset, named.length, named.position] : [second, third, fourth]
  const from = typeof offset === 'number' ? offset : 0
  return {
    data: bytes.subarray(from, typeof length === 'number' ? from + length : bytes.length),
    position: typeof position === 'number' ? position : null,
  }
}

/** Text or bytes, as bytes. */
export function toBytes(data: unknown): Buffer {
  if (typeof data === 'string') return Buffer.from(data)
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  throw new Error('Only text and bytes can be written through the hooks')
}
