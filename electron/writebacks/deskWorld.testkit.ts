import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { BulkPlan, OperationPage } from '../../shared/operations'
import type { WritebackItem } from '../../shared/writebacks'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { type CountingServer, startCountingServer } from './countingServer.testkit'
import { makeDeadLetter, makeMount, makeOutboxRecord, sha256 } from './mountDesk.testkit'
import type { Trouble } from './troubleWatch'
import { createWritebackDesk, type WritebackDesk } from './writebackDesk'

/** A mount with stuck writebacks, a server with the versions they began with, and credentials for its workspace. */
export interface DeskWorld {
  readonly mount: string
  readonly home: string
  readonly server: CountingServer
  /** Another window on the same mount, in this process. */
  readonly openWindow: (options?: {
    readonly readOnly?: boolean
    readonly dataDir?: string
    readonly onTrouble?: (trouble: Trouble) => void
  }) => Promise<WritebackDesk>
}

export const token = 'secret-token'

/** Writebacks `/docs/0.md` … of which the local file and the outbox say `new <n>`; the server has `old <n>` of each. */
export async function makeWorld({
  items = 1,
  delayMs = 0,
  letters = true,
  more = {},
}: {
  readonly items?: number
  readonly delayMs?: number
  readonly letters?: boolean
  readonly more?: Readonly<Record<string, unknown>>
} = {}): Promise<DeskWorld> {
  const server = await startCountingServer({ token, delayMs })
  onTestFinished(() => server.close())
  const files: Record<string, unknown> = {}
  for (let n = 0; n < items; n++) {
    server.put(`/docs/${n}.md`, `old ${n}`)
    Object.assign(files, stuckFiles(n, { revision: `rev_${n + 1}`, letters }))
  }
  const mount = await makeMount({ ...files, ...more })
  const home = await makeTemporaryFolder()
  await mkdir(join(home, '.relayfile'))
  await writeFile(
    join(home, '.relayfile', 'workspaces.json'),
    JSON.stringify({ workspaces: [{ name: 'ws_test', createdAt: 'x', localDir: mount, server: server.url }] }),
  )
  await writeFile(join(home, '.relayfile', 'credentials.json'), JSON.stringify({ server: server.url, token }))
  return {
    mount,
    home,
    server,
    openWindow: async ({ readOnly = false, dataDir, onTrouble = () => undefined } = {}) => {
      const desk = createWritebackDesk({
        ...{ home, readOnly: () => readOnly, operator: 'tester@here' },
        dataDir: dataDir ?? (await makeTemporaryFolder()),
        onChanged: () => undefined,
        onOperationChanged: () => undefined,
        onTrouble,
      })
      onTestFinished(() => desk.close())
      await desk.setFolders([{ workspaceId: 'w', path: mount }])
      return desk
    },
  }
}

/** The files of one stuck writeback. */
export function stuckFiles(
  n: number,
  { revision, letters }: { readonly revision: string; readonly letters: boolean },
): Readonly<Record<string, unknown>> {
  const remotePath = `/docs/${n}.md`
  const content = `new ${n}`
  const change = { commandId: `mountcmd_${n}`, remotePath, content, hash: sha256(content), expectedRevision: revision }
  const opId = `op_failed_${n}`
  return {
    [`docs/${n}.md`]: content,
    [`.relay/outbox/pending/mountcmd_${n}.json`]: makeOutboxRecord(change),
    ...(letters ? { [`.relay/dead-letter/${opId}.json`]: makeDeadLetter({ opId, path: remotePath }) } : {}),
  }
}

export async function itemsOf(desk: WritebackDesk): Promise<readonly WritebackItem[]> {
  const items: WritebackItem[] = []
  for (;;) {
    const page = await desk.query({ workspaceId: null, offset: items.length, limit: 500 })
    items.push(...page.items)
    if (items.length >= page.total || page.items.length === 0) return items
  }
}

/** Begins a retry of these items as they are seen now. */
export async function beginRetry(
  desk: WritebackDesk,
  items: readonly WritebackItem[],
  { plan, waitSeconds = 5 }: { readonly plan?: Partial<BulkPlan>; readonly waitSeconds?: number } = {},
): Promise<OperationPage> {
  return desk.acts.retry({
    items: items.map(({ key, version }) => ({ key, version })),
    reason: 'try again',
    waitSeconds,
    plan: { canary: false, stopAfterFailures: null, perSecond: null, ...plan },
  })
}

/** Waits until nobody works on the operation any more. */
export function whenDone(desk: WritebackDesk, operationId: string, states = ['ended']): Promise<OperationPage> {
  return eventually(`the operation is ${states.join(' or ')}`, async () => {
    const page = await desk.operations.page({ operationId, offset: 0, limit: 500 })
    return states.includes(page.operation.state) ? page : undefined
  })
}

/** Retries all items of a window, and waits for the end. */
export async function retryAll(
  desk: WritebackDesk,
  options: Parameters<typeof beginRetry>[2] & { readonly states?: readonly string[] } = {},
): Promise<OperationPage> {
  const { operation } = await beginRetry(desk, await itemsOf(desk), options)
  return whenDone(desk, operation.id, [...(options.states ?? ['ended'])])
}
