import { readSync } from 'node:fs'
import { Socket } from 'node:net'
import { errnoCode } from '../files/errnoCode'
import type { Printed } from './shells'

/** The pipes that a lane's command prints to. */
export interface LaneOutputs {
  /** Made when they are first asked for. */
  readonly streams: () => { readonly stdout: Socket; readonly stderr: Socket }
  /** Takes what stands in the pipes, which are free again when it is all. */
  readonly take: () => Printed
}

/** As much as a pipe holds, unless somebody made it larger. */
const piece = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * Reads from stdout and stderr, which were opened to block nobody. When nobody prints to them any more `onFree` is called,
 * with both while they are open: a named pipe that was read to its end can be written to again.
 */
export function openLaneOutputs(
  [out, err]: readonly number[],
  onFree: (stillOpen: readonly number[]) => void,
): LaneOutputs {
  if (out === undefined || err === undefined) throw new Error('A lane has two outputs')
  let made: ReturnType<LaneOutputs['streams']> | undefined
  const make = (): ReturnType<LaneOutputs['streams']> => {
    const [stdout, stderr] = [toSocket(out), toSocket(err)]
    void Promise.all([stdout, stderr].map((pipe) => new Promise((resolve) => pipe.once('close', resolve)))).then(() =>
      onFree([]),
    )
    return { stdout, stderr }
  }
  return {
    streams: () => {
      made ??= make()
      return made
    },
    take: () => {
      const [stdout, stderr] = [readWaiting(out), readWaiting(err)]
      const isAll = stdout.isAll && stderr.isAll
      if (isAll) onFree([out, err])
      return { stdout: stdout.chunks, stderr: stderr.chunks, isAll }
    },
  }
}

function toSocket(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: false })
}

/** Reads what stands in a pipe now; it is all when nobody holds its other end. */
function readWaiting(file: number): { readonly chunks: readonly Buffer[]; readonly isAll: boolean } {
  const chunks: Buffer[] = []
  try {
    for (;;) {
      const length = readSync(file, piece)
      if (length === 0) return { chunks, isAll: true }
      chunks.push(Buffer.from(piece.subarray(0, length)))
    }
  } catch (error) {
    if (errnoCode(error) !== 'EAGAIN') throw error
    return { chunks, isAll: false }
  }
}
