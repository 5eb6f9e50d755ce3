import { url as debuggerUrl } from 'node:inspector'
import { Worker } from 'node:worker_threads'

/** How the main thread is watched: how often, after how many looks without a sign of life that is told, and it is ended. */
export interface WatchLooks {
  readonly everyMs: number
  readonly untilTold: number
  readonly untilEnded: number
}

const usualLooks: WatchLooks = { everyMs: 1_000, untilTold: 10, untilEnded: 30 }

/** What the watching thread is given. `beats` holds one number, which grows with every sign of life. */
export interface WatchOrder extends WatchLooks {
  readonly beats: Int32Array
}

/**
 * Ends this process when its main thread is busy with one thing that does not end: it answers nobody then, and hears no
 * signal. A thread of its own counts the looks, so that a machine that slept does not count; under a debugger the main
 * thread may stand still. `onTrouble` hears why there is no such thread. Gives what stops the watch.
 */
export function watchMainThread({
  scriptPath,
  onTrouble,
  looks = usualLooks,
}: {
  readonly scriptPath: string
  readonly onTrouble: (error: unknown) => void
  readonly looks?: WatchLooks
}): () => void {
  const beats = new Int32Array(new SharedArrayBuffer(4))
  const order: WatchOrder = { ...looks, beats }
  const thread = new Worker(scriptPath, { workerData: order })
  thread.on('error', onTrouble)
  thread.unref()
  const beat = setInterval(() => {
    if (debuggerUrl() === undefined) Atomics.add(beats, 0, 1)
    else Atomics.store(beats, 0, 0)
  }, looks.everyMs)
  beat.unref()
  return () => {
    clearInterval(beat)
    void thread.terminate()
  }
}
