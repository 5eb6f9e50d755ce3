import { Worker } from 'node:worker_threads'
import { RundeskError } from '../../shared/outcome'

/** A thread that has answered waits so long for the next question, because starting one takes longer than most searches. */
const idleMs = 30_000

interface Idle {
  readonly worker: Worker
  readonly end: () => void
}

const idle = new Map<string, Idle>()

/**
 * Puts a question to a thread that runs a script, and gives its answer. A thread whose answer takes longer than `timeMs`
 * is ended, and `refused` is thrown. One that waits for the next question keeps no process from ending.
 */
export async function askThread(
  scriptPath: string,
  { question, timeMs }: { readonly question: unknown; readonly timeMs: number },
): Promise<unknown> {
  const worker = takeIdle(scriptPath) ?? new Worker(scriptPath)
  worker.ref()
  try {
    const answer = await answerOf(worker, { question, timeMs })
    keepIdle(scriptPath, worker)
    return answer
  } catch (error) {
    await worker.terminate()
    throw error
  }
}

function answerOf(
  worker: Worker,
  { question, timeMs }: { readonly question: unknown; readonly timeMs: number },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      act()
    }
    const onMessage = (answer: unknown): void => settle(() => resolve(answer))
    const onError = (error: Error): void => settle(() => reject(error))
    const onExit = (): void => settle(() => reject(new Error('The search ended without an answer')))
    const timer = setTimeout(() => settle(() => reject(tookTooLong(timeMs))), timeMs)
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage(question)
  })
}

function tookTooLong(timeMs: number): RundeskError {
  return new RundeskError(
    'refused',
    `The search took longer than ${Math.round(timeMs / 1000)} s and was ended. Look for a plain text, or for an expression with fewer ways to match.`,
  )
}

function takeIdle(scriptPath: string): Worker | undefined {
  const waiting = idle.get(scriptPath)
  if (!waiting) return undefined
  idle.delete(scriptPath)
  waiting.end()
  return waiting.worker
}

/** One thread of a script waits at most; it is forgotten when it fails by itself. */
function keepIdle(scriptPath: string, worker: Worker): void {
  if (idle.has(scriptPath)) {
    void worker.terminate()
    return
  }
  worker.unref()
  const forget = (): void => {
    if (idle.get(scriptPath)?.worker === worker) idle.delete(scriptPath)
    void worker.terminate()
  }
  const timer = setTimeout(forget, idleMs).unref()
  worker.on('error', forget).on('exit', forget)
  const end = (): void => {
    clearTimeout(timer)
    worker.off('error', forget).off('exit', forget)
  }
  idle.set(scriptPath, { worker, end })
}
