import { type FileHandle, open } from 'node:fs/promises'

/** Appends to a file, or to a row of them, in the order of the calls; the disk may lag behind by a bounded amount. */
export interface LogWriter {
  /** Makes the first file although nothing is written yet. Never throws: `finish` does. */
  readonly create: () => Promise<void>
  /** Gives false when the disk is behind: wait for `drained` before the next. */
  readonly write: (chunk: Uint8Array) => boolean
  readonly drained: () => Promise<void>
  /** Resolves when everything is on the disk, synced, and the files are closed. Throws the system's error when it is not. */
  readonly finish: () => Promise<void>
}

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
  let handle: FileHandle | undefined
  let part = 0
  let inPart = 0
  let waiting: (() => void)[] = []

  const close = async (): Promise<void> => {
    const closing = handle
    handle = undefined
    if (!closing) return
    try {
      if (inPart > 0) await closing.datasync()
    } finally {
      await closing.close()
    }
  }
  const put = async (data: Uint8Array): Promise<void> => {
    for (let rest = data; rest.length > 0; ) {
      handle ??= await open(pathOf(part), 'w', 0o600)
      const piece = rest.subarray(0, partBytes - inPart)
      await handle.writeFile(piece)
      inPart += piece.length
      rest = rest.subarray(piece.length)
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
    create: async () => {
      try {
        handle ??= await open(pathOf(part), 'w', 0o600)
      } catch (error) {
        failure = error
      }
    },
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
