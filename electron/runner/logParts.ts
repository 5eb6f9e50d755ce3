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
  /**
   * Reads at most `length` bytes from `offset` on, fewer only at the end of the log, into the start of `target` when there
   * is one. Throws the system's error.
   */
  readonly read: (offset: number, length: number, target?: Buffer) => Promise<Buffer>
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
    read: async (offset, length, target) => {
      const end = Math.min(offset + length, sizeBytes)
      const buffer = target ?? Buffer.allocUnsafe(Math.max(0, end - offset))
      let done = 0
      for (const part of parts) {
        const from = Math.max(offset, part.start)
        const to = Math.min(end, part.start + part.size)
        if (from < to) done += await readPart(part, from - part.start, buffer.subarray(done, done + to - from))
      }
      return buffer.subarray(0, done)
    },
  }
}

/** Fills the buffer as far as there is something, and tells how far. */
async function readPart({ path }: Part, offset: number, buffer: Buffer): Promise<number> {
  const handle = await open(path, 'r')
  try {
    let done = 0
    while (done < buffer.length) {
      const { bytesRead } = await handle.read(buffer, done, buffer.length - done, offset + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return done
  } finally {
    await handle.close()
  }
}
