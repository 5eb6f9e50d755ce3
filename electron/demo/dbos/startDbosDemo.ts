import { Worker } from 'node:worker_threads'
import { RundeskError } from '../../../shared/outcome'

/** The environment variable by which Rundesk reaches the demo's database: its list of sources holds no URL. */
export const demoDatabaseVariable = 'RUNDESK_DEMO_DBOS_URL'
/** So long a worker may take to connect and make its tables, in ms. */
const launchWithinMs = 30_000
/** So often a run crashes its worker; when the worker is begun once more, DBOS gives that run up. */
const crashes = 2
/** A crash is waited for so long, in ms. */
const crashWithinMs = 20_000

/** A DBOS worker that lives with the demo. */
export interface DbosDemo {
  /**
   * Starts runs, among them one that the engine gives up after several crashes, and keeps on starting more. `onReady` is called
   * when the database has its tables. Throws `unreachable`.
   */
  readonly play: (onReady: () => Promise<unknown>) => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Prepares a real DBOS worker, from the built `script`, on the PostgreSQL database of `url`, which is made when there is none.
 * What it writes there stays when the demo ends.
 */
export function prepareDbosDemo({ url, script }: { readonly url: string; readonly script: string }): DbosDemo {
  process.env[demoDatabaseVariable] = url
  let worker: Worker | undefined
  let stopped = false

  const begin = async (life: number): Promise<Worker> => {
    const thread = new Worker(script, { workerData: { url, life, crashes: life < crashes } })
    worker = thread
    await isReady(thread)
    return thread
  }
  return {
    play: async (onReady) => {
      for (let life = 0; life < crashes && !stopped; life++) {
        const thread = await begin(life)
        if (life === 0 && !stopped) await onReady()
        const timer = setTimeout(() => void thread.terminate(), crashWithinMs)
        await hasEnded(thread)
        clearTimeout(timer)
      }
      if (!stopped) await begin(crashes)
    },
    stop: async () => {
      stopped = true
      const thread = worker
      if (!thread) return
      const ended = hasEnded(thread)
      thread.postMessage('stop')
      const timer = setTimeout(() => void thread.terminate(), 5_000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** Throws `unreachable` with what the worker said, or that it said nothing in time. */
function isReady(thread: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => {
      clearTimeout(timer)
      void thread.terminate()
      reject(new RundeskError('unreachable', `The DBOS worker of the demo could not start: ${why}`))
    }
    const timer = setTimeout(
      () => refuse(`the database did not answer within ${launchWithinMs / 1000} s. Is the server running?`),
      launchWithinMs,
    )
    thread.once('message', () => {
      clearTimeout(timer)
      resolve()
    })
    thread.once('exit', () => {
      clearTimeout(timer)
      resolve() // It was so quick to crash.
    })
    thread.once('error', (error) => refuse(error instanceof Error ? error.message : String(error)))
  })
}

function hasEnded(thread: Worker): Promise<void> {
  return thread.threadId === -1
    ? Promise.resolve()
    : new Promise((resolve) => {
        thread.once('exit', () => resolve())
      })
}
