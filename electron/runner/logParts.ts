import { open, stat } from 'node:fs/promises'

/** A log is written in parts of at most so many bytes, all of which are kept. */
export const logPartBytes = 64 * 1024 * 1024

/** The file of a part: `NAME.log`, then `NAME.1.log`, `NAME.2.log` and so on. */
export function partPath(logPath: string, part: number): string {
  return part === 0 ? logPath : logPath.replace(/\.log$/, `.${part}.log`)
}

/** A log as one run of bytes, whatever the number of its parts. */
export interface LogParts {
  readonly sizeBytes: number
  /** Reads at most `length` bytes from `offset` on, fewer only at the end of the log. Throws the system's error. */
  readonly read: (offset: number, length: number) => Promise<Buffer>
}

interface Part {
  readonly path: string
  readonly start: number
  readonly size: number
}

/** Looks at a log's parts as they are now; undefined when there is no log. */
export async function openLogParts(logPath: string): Promise<LogParts | undefined> {
  const parts: Part[] = []
  let sizeBytes = 0
  for (let part = 0; ; part++) {
    const path = partPath(logPath, part)
    const file = await stat(path).catch(() => undefined)
    if (!file?.isFile()) break
    parts.push({ path, start: sizeBytes, size: file.size })
    sizeBytes += file.size
  }
  if (parts.length === 0) return undefined
  return {
    sizeBytes,
    read: async (offset, length) => {
      const pieces: Buffer[] = []
      const end = Math.min(offset + length, sizeBytes)
      for (const part of parts) {
        const from = Math.max(offset, part.start)
        const to = Math.min(end, part.start + part.size)
        if (from < to) pieces.push(await readPart(part, from - part.start, to - from))
      }
      return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
    },
  }
}

async function readPart({ path }: Part, offset: number, length: number): Promise<Buffer> {
  const handle = await open(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(length)
    let done = 0
    while (done < length) {
      const { bytesRead } = await handle.read(buffer, done, length - done, offset + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return buffer.subarray(0, done)
  } finally {
    await handle.close()
  }
}
