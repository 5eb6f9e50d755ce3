import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The workflows that a test worker knows (dbosWorker.testkit.mjs). */
export type WorkerWorkflow =
  | 'pipeline'
  | 'three'
  | 'flaky'
  | 'sleepy'
  | 'longStep'
  | 'crashing'
  | 'approval'
  | 'parent'
  | 'manySteps'
  | 'values'

export interface WorkerOptions {
  /** The database, as its owner: the first worker makes DBOS's tables in it. */
  readonly url: string
  /** Where what ran and what is to fail is written; workers may share one. */
  readonly folder: string
  readonly executorId?: string
  readonly version?: string
  /** Does `sleepy` sleep before its first step, as code that was changed under a run does? */
  readonly changed?: boolean
}

/** A running DBOS application in a process of its own. It ends with this process. */
export interface Worker {
  readonly pid: number
  /** Begins a workflow, at once or by the queue `orders`; does not wait for its end. */
  readonly start: (name: WorkerWorkflow, id: string, options?: StartOptions) => Promise<void>
  readonly send: (id: string, message: string, topic: string) => Promise<void>
  /** What a workflow told under a key. */
  readonly event: (id: string, key: string) => Promise<unknown>
  /** How many times the body of a step of a run ran, by any worker of the folder. */
  readonly timesRan: (id: string, step: string) => number
  /** Which executors ran it, in order. */
  readonly ranBy: (id: string, step: string) => readonly string[]
  /** Steps of these names fail from now on; `exit` ends the process in the step `crash`, `let-go` ends long bodies. */
  readonly setFaults: (...names: readonly string[]) => void
  /** Ends when the process has: by its own exit, or by one of the two below. */
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
  readonly kill: () => Promise<void>
}

interface StartOptions {
  readonly args?: readonly unknown[]
  readonly queue?: 'orders'
}

const script = fileURLToPath(new URL('./dbosWorker.testkit.mjs', import.meta.url))

/** Starts one and waits until DBOS has been launched in it. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { url, folder, executorId = 'executor-1', version = 'v1', changed = false } = options
  const [ran, faults] = [join(folder, 'ran'), join(folder, 'faults')]
  if (!existsSync(ran)) writeFileSync(ran, '')
  const env = {
    ...process.env,
    WORKER_URL: url,
    WORKER_EXECUTOR: executorId,
    WORKER_VERSION: version,
    WORKER_RAN: ran,
    WORKER_FAULTS: faults,
    WORKER_SHAPE: changed ? 'changed' : '',
  }
  const child = spawn(process.execPath, [script], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const { ask, ready } = conversation(child)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await ready
  const ranLines = (id: string, step: string): readonly string[] =>
    readFileSync(ran, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`${id} ${step} `))
  return {
    pid: child.pid ?? 0,
    start: async (name, id, { args = [], queue } = {}) => {
      await ask('start', { name, id, args, queue })
    },
    send: async (id, message, topic) => {
      await ask('send', { id, message, topic })
    },
    event: (id, key) => ask('event', { id, key }),
    timesRan: (id, step) => ranLines(id, step).length,
    ranBy: (id, step) => ranLines(id, step).map((line) => line.split(' ')[2] ?? ''),
    setFaults: (...names) => writeFileSync(faults, names.join('\n')),
    ended,
    stop: async () => {
      if (child.exitCode === null) await ask('stop', {}).catch(() => undefined) // It may end before it answers.
      await ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

interface Conversation {
  readonly ready: Promise<void>
  readonly ask: (what: string, input: Readonly<Record<string, unknown>>) => Promise<unknown>
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Questions to the worker and its answers, one JSON document a line. */
function conversation(child: ChildProcess): Conversation {
  const { stdin, stdout, stderr } = child
  if (!stdin || !stdout || !stderr) throw new Error('The worker has no pipes.')
  const waiting = new Map<number, Waiting>()
  let asked = 0
  let said = ''
  stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-4_000)
  })
  const ready = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const error = new Error(`The worker ended (${code ?? signal}). ${said}`)
      reject(error)
      for (const { reject: refuse } of waiting.values()) refuse(error)
    })
    createInterface({ input: stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as { ready?: true; number?: number; value?: unknown; error?: string }
      if (answer.ready) resolve()
      const asker = waiting.get(answer.number ?? -1)
      waiting.delete(answer.number ?? -1)
      if (answer.error === undefined) asker?.resolve(answer.value)
      else asker?.reject(new Error(answer.error))
    })
  })
  stdin.on('error', () => undefined) // The end of the process is told above.
  return {
    ready,
    ask: (what, input) =>
      new Promise((resolve, reject) => {
        const number = asked++
        waiting.set(number, { resolve, reject })
        stdin.write(`${JSON.stringify({ number, what, ...input })}\n`)
      }),
  }
}
