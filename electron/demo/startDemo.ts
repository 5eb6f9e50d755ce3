import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Demo, DemoFault } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import { errnoCode } from '../files/errnoCode'
import { toError } from '../files/toError'
import { demoDatabaseVariable, prepareDbosDemo } from './dbos/startDbosDemo'
import { setDemoFault, shownFaults } from './demoFaults'
import { demoHistory } from './demoHistory'
import { demoFiles, demoWorkflows } from './demoWorkflows'
import { startPracticeDaemon } from './practiceDaemon/practiceDaemon'
import { type PracticeServer, startPracticeServer } from './practiceServer/practiceServer'

/** A running demo: its folders, its controls, and how to end it. */
export interface RunningDemo {
  readonly dir: string
  readonly dataDir: string
  readonly workspaces: readonly string[]
  readonly control: DemoControls
  /** Starts the runs that go on while one looks, through the application's own requests. */
  readonly play: (request: (channel: string, input: unknown) => Promise<unknown>) => Promise<void>
  /** Ends server and daemon and removes everything the demo made. */
  readonly stop: () => Promise<void>
}

export interface DemoControls {
  readonly get: () => Demo
  readonly setFault: (fault: DemoFault) => Demo
  readonly workflow: (kind: DemoRunKind) => { readonly workspacePath: string; readonly file: string }
  readonly onChange: (listener: () => void) => () => void
}

export type DemoRunKind = 'succeeds' | 'fails' | 'long'

const daemonIntervalMs = 1_500

/**
 * Makes a workspace that is alive: a believable history, a practice relayfile server on a free port of 127.0.0.1 and a
 * practice mount daemon. `dir` must be new or empty; without it a temporary folder is made. Throws `refused` for a
 * folder that holds anything. With `dbos` a real DBOS worker works on that database too, and Rundesk shows its runs.
 */
export async function startDemo({
  dir,
  dbos,
}: {
  readonly dir?: string
  readonly dbos?: { readonly url: string; readonly script: string }
} = {}): Promise<RunningDemo> {
  const root = dir === undefined ? await mkdtemp(join(tmpdir(), 'rundesk-demo-')) : await newFolder(resolve(dir))
  const workspace = join(root, 'payments')
  const mountDir = join(workspace, 'tickets')
  const dataDir = join(root, 'rundesk')
  await mkdir(join(workspace, '.agent-relay'), { recursive: true })
  await mkdir(mountDir, { recursive: true })
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), demoHistory(Date.now()))
  for (const [name, text] of Object.entries(demoWorkflows)) await writeFile(join(workspace, `${name}.yaml`), text)

  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  const token = randomBytes(24).toString('hex')
  const workspaceId = 'ws_demo'
  const server = await startPracticeServer({ token, workspaceId, seedFiles: demoFiles, onRequest: changed })
  const daemon = await startPracticeDaemon({
    mountDir,
    serverUrl: server.url,
    token,
    workspaceId,
    intervalMs: daemonIntervalMs,
    onEvent: changed,
  })

  const remote = dbos ? prepareDbosDemo(dbos) : null

  const get = (): Demo => ({
    serverUrl: server.url,
    dir: root,
    daemon: { alive: true, pid: daemon.pid },
    faults: shownFaults(server.faults),
    requests: [...server.requests()],
  })

  return {
    dir: root,
    dataDir,
    workspaces: [workspace],
    control: {
      get,
      setFault: (fault) => {
        setDemoFault(server.faults, fault)
        changed()
        return get()
      },
      workflow: (kind) => ({ workspacePath: workspace, file: join(workspace, `${kind}.yaml`) }),
      onChange: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    play: async (request) => {
      await failSomeWritebacks({ mountDir, server })
      for (const kind of ['succeeds', 'fails', 'long'] satisfies DemoRunKind[]) await request('demo:startRun', { kind })
      if (!remote) return
      const connection = { from: 'environment', variable: demoDatabaseVariable }
      const draft = { name: 'shop (DBOS)', kind: 'dbos', reading: connection, writing: connection }
      const add = (): Promise<unknown> => request('sources:add', { draft })
      remote.play(add).catch(async (error: unknown) => {
        process.stderr.write(`rundesk: ${toError(error).message}\n`)
        // It stands there with its trouble, unless the demo has ended meanwhile.
        await add().catch(() => undefined)
      })
    },
    stop: async () => {
      await remote?.stop()
      await daemon.stop()
      await server.close()
      await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

/** Two local edits that the server refuses: what a support person finds in the morning. */
async function failSomeWritebacks({
  mountDir,
  server,
}: {
  readonly mountDir: string
  readonly server: PracticeServer
}): Promise<void> {
  setDemoFault(server.faults, { fault: 'unprocessable', on: true })
  await mkdir(join(mountDir, 'linear', 'issues'), { recursive: true })
  const edited = { title: 'Refund is sent twice', state: 'in review', priority: 1 }
  await writeFile(
    join(mountDir, 'linear', 'issues', 'PAY-12__refund-is-sent-twice.json'),
    `${JSON.stringify(edited, null, 2)}\n`,
  )
  await writeFile(
    join(mountDir, 'linear', 'issues', 'PAY-17__rotate-api-keys.json'),
    `${JSON.stringify({ ...edited, title: 'Rotate API keys', priority: 2 }, null, 2)}\n`,
  )
}

async function newFolder(dir: string): Promise<string> {
  const made = await mkdir(dir, { recursive: true }).catch((error: unknown) => {
    if (errnoCode(error) === 'EEXIST') return undefined // A file has its name.
    throw error
  })
  if (made === undefined)
    throw new RundeskError(
      'refused',
      `${dir} exists already. The demo removes its folder at the end, so it only uses one that it made.`,
    )
  return dir
}
