import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApp } from '../electron/api/app'
import { type PracticeServer, startPracticeServer } from '../electron/demo/practiceServer/practiceServer'
import { type Client, createClient } from '../shared/client'
import type { OperationPage } from '../shared/operations'
import type { WritebackItem } from '../shared/writebacks'
import { type MountDaemon, startMountDaemon } from './mountDaemon'

const account = { token: 'practice-token', workspaceId: 'ws_real' }
const waitMs = 45_000

/** A practice server, the published mount daemon on a folder, and Rundesk looking at that folder. */
export interface RealMount {
  readonly server: PracticeServer
  readonly client: Client
  readonly home: string
  readonly mountDir: string
  /** The daemon that runs, or ran last. */
  readonly daemon: () => MountDaemon
  readonly restart: () => Promise<void>
  readonly edit: (path: string, content: string) => Promise<void>
  /** Waits until Rundesk shows the path in one of the states, with the daemon kept at work meanwhile. */
  readonly until: (path: string, ...states: readonly WritebackItem['state'][]) => Promise<WritebackItem>
  /** Waits for anything else. The daemon is kept at work meanwhile, unless told `hurry: false`: then it does its own cycles only. */
  readonly waitFor: <T>(
    what: string,
    look: () => Promise<T | undefined>,
    options?: { readonly hurry: boolean },
  ) => Promise<T>
  readonly item: (path: string) => Promise<WritebackItem | undefined>
  /** Begins a retry of the item as it is shown; gives how to ask what has become of it. */
  readonly beginRetry: (path: string) => Promise<() => Promise<OperationPage['items'][number]>>
  /** Retries the item as it is shown and follows it until its outcome lasts, the daemon kept at work. */
  readonly retry: (path: string) => Promise<OperationPage['items'][number]>
  /** The outbox records of a path with the folder that each lies in. */
  readonly outbox: (path: string) => Promise<readonly { readonly folder: string; readonly record: OutboxText }[]>
}

type OutboxText = Readonly<Record<string, unknown>>

/** Opens all three in a folder of their own; `onEnd` takes what ends and removes them. */
export async function openRealMount(
  binary: string,
  {
    seedFiles,
    credentials,
    onEnd,
  }: {
    readonly seedFiles: Readonly<Record<string, string>>
    /** Are the server's credentials in the home folder? */
    readonly credentials: boolean
    readonly onEnd: (end: () => Promise<void>) => void
  },
): Promise<RealMount> {
  const root = await mkdtemp(join(tmpdir(), 'rundesk-mount-'))
  const [home, workspace] = [join(root, 'home'), join(root, 'payments')]
  const mountDir = join(workspace, 'tickets')
  await mkdir(home)
  const server = await startPracticeServer({ ...account, seedFiles })
  if (credentials) {
    await mkdir(join(home, '.relayfile'))
    const text = JSON.stringify({ server: server.url, token: account.token, updatedAt: new Date().toISOString() })
    await writeFile(join(home, '.relayfile', 'credentials.json'), text, { mode: 0o600 })
  }
  const start = (): Promise<MountDaemon> =>
    startMountDaemon({ ...account, binary, home, serverUrl: server.url, localDir: mountDir })
  let daemon = await start()
  const app = await createApp({
    dataDir: join(root, 'data'),
    home,
    workspaces: [workspace],
    host: 'cli',
    version: '0',
    chooseFolder: null,
    demo: null,
  })
  const client = createClient({
    request: (channel, input) => app.request(channel, input, 'cli'),
    subscribe: app.subscribe,
  })
  onEnd(async () => {
    await app.close({ stopRuns: true })
    await daemon.kill()
    await server.close()
    await rm(root, { recursive: true, force: true, maxRetries: 5 })
  })

  const item = async (path: string): Promise<WritebackItem | undefined> => {
    const { items } = await client.request('writebacks:query', { workspaceId: null, offset: 0, limit: 100 })
    return items.find((one) => one.path === path)
  }
  /** Everything that tells why something did not come. */
  const situation = async (): Promise<string> => {
    const { items } = await client.request('writebacks:query', { workspaceId: null, offset: 0, limit: 100 })
    const shown = items.map((one) => `${one.path} ${one.state}: ${one.message}`)
    const records = (await outboxOf(mountDir)).map(({ folder, record: { content: _content, ...rest } }) =>
      JSON.stringify([folder, rest]),
    )
    const writes = server.files.writes.map(({ path, outcome, opId }) => `${path} ${outcome} ${opId}`)
    const ledger = await readFile(join(mountDir, '.relay', 'rundesk', 'ledger.jsonl'), 'utf8').catch(() => 'none')
    return [
      'Ledger:',
      ledger,
      'Shown:',
      ...shown,
      'Outbox:',
      ...records,
      'Server:',
      ...writes,
      'Daemon:',
      told(daemon.log()),
    ].join('\n')
  }
  const waitFor: RealMount['waitFor'] = async (what, look, { hurry } = { hurry: true }) => {
    for (const end = Date.now() + waitMs; ; ) {
      const found = await look()
      if (found !== undefined) return found
      if (Date.now() > end) throw new Error(`Waited in vain for ${what}. ${await situation()}`)
      if (hurry) await daemon.flush()
      await sleep(250)
    }
  }
  const beginRetry: RealMount['beginRetry'] = async (path) => {
    const shown = await item(path)
    if (!shown) throw new Error(`${path} is not in the list.`)
    const { operation } = await client.request('writebacks:retry', {
      items: [{ key: shown.key, version: shown.version }],
      reason: 'tried again in a test',
      waitSeconds: 0,
    })
    return async () => {
      const [only] = (await client.request('operations:get', { operationId: operation.id })).items
      if (!only) throw new Error(`The operation ${operation.id} names no item.`)
      return only
    }
  }

  return {
    server,
    client,
    home,
    mountDir,
    daemon: () => daemon,
    restart: async () => {
      await daemon.kill()
      daemon = await start()
    },
    edit: (path, content) => writeFile(join(mountDir, path), content),
    waitFor,
    item,
    until: (path, ...states) =>
      waitFor(`${path} to be ${states.join(' or ')}`, async () => {
        const found = await item(path)
        return found && states.includes(found.state) ? found : undefined
      }),
    beginRetry,
    retry: async (path) => {
      const ask = await beginRetry(path)
      return waitFor(`the retry of ${path} to end`, async () => {
        const only = await ask()
        return only.outcome !== null && only.outcome !== 'sent' ? only : undefined
      })
    },
    outbox: async (path) => (await outboxOf(mountDir)).filter(({ record }) => record.remotePath === path),
  }
}

type Filed = Awaited<ReturnType<RealMount['outbox']>>[number]

async function outboxOf(mountDir: string): Promise<readonly Filed[]> {
  const found: Filed[] = []
  for (const folder of ['pending', 'acked', 'failed']) {
    const dir = join(mountDir, '.relay', 'outbox', folder)
    for (const name of await readdir(dir)) {
      const text = await readFile(join(dir, name), 'utf8').catch(() => 'null') // It may be moved on meanwhile.
      const record = JSON.parse(text) as OutboxText | null
      if (record) found.push({ folder, record })
    }
  }
  return found
}

/** The last lines of the daemon's log, without its answers to our own hurrying. */
function told(log: string): string {
  const lines = log.split('\n').filter((line) => !line.endsWith('ack recorded'))
  return lines.slice(-30).join('\n')
}
