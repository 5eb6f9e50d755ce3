import { closeSync, constants, fdatasync, openSync, write } from 'node:fs'
import { promisify } from 'node:util'

/** Appends to a file, or to a row of them, in the order of the calls; the disk may lag behind by a bounded amount. */
export interface LogWriter {
  /** Gives false when the disk is behind: wait for `drained` before the next. */
  readonly write: (chunk: Uint8Array) => boolean
  readonly drained: () => Promise<void>
  /** Resolves when everything is on the disk, synced, and the files are closed. Throws the system's error when it is not. */
  readonly finish: () => Promise<void>
}

const sync = promisify(fdatasync)
const writeBytes = promisify(write)

/** A link that lies in its place leads to a file that is none of ours. */
const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0)
/** So many bytes may wait for the disk. */
const waitingBytes = 1024 * 1024

/** Makes a writer of files that are replaced when they are there. A file is made when something is written to it. */
export function createLogWriter(
  pathOf: (part: number) => string,
  { partBytes }: { readonly partBytes: number },
): LogWriter {
  let queue: Uint8Array[] = []
  let queued = 0
  let failure: unknown
  let writing: Promise<void> | undefined
  let file: number | undefined
  let part = 0
  let inPart = 0
  let waiting: (() => void)[] = []

  const close = async (): Promise<void> => {
    const closing = file
    file = undefined
    if (closing === undefined) return
    try {
      if (inPart > 0) await sync(closing)
    } finally {
      closeSync(closing)
    }
  }
  const put = async (data: Uint8Array): Promise<void> => {
    for (let rest = data; rest.length > 0; ) {
      file ??= openSync(pathOf(part), flags, 0o600)
      const { bytesWritten } = await writeBytes(file, rest.subarray(0, partBytes - inPart))
      inPart += bytesWritten
      rest = rest.subarray(bytesWritten)
      if (inPart < partBytes) continue
      await close()
      part++
      inPart = 0
    }
  }
  const writeQueue = async (): Promise<void> => {
    while (queue.length > 0 && failure === undefined) {
      const data = queue.length === 1 && queue[0] ? queue[0] : Buffer.concat(queue)
      queue = []
      queued = 0
      await put(data).catch((error: unknown) => {
        failure = error
      })
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
    }
    writing = undefined
  }

  return {
    write: (chunk) => {
      if (failure !== undefined) return true
      queue.push(chunk)
      queued += chunk.length
      writing ??= writeQueue()
      return queued < waitingBytes
    },
    drained: async () => {
      if (failure === undefined && queued >= waitingBytes) await new Promise<void>((wake) => waiting.push(wake))
    },
    finish: async () => {
      await writing
      await close().catch((error: unknown) => {
        failure ??= error
      })
      if (failure !== undefined) throw failure
    },
  }
}
