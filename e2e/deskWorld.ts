import { createHash } from 'node:crypto'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { type CountingServer, startCountingServer } from '../electron/writebacks/countingServer.testkit'
import { test as base, runLine, writeWorkflow } from './open'

/** A mount without a daemon, whose server Rundesk has credentials for: it delivers by itself. */
export interface DeskWorld {
  readonly server: CountingServer
  readonly home: string
  readonly mountDir: string
  /** Writes files into the mount; what is no text is written as JSON. */
  readonly write: (files: Readonly<Record<string, unknown>>) => Promise<void>
}

/** Stories of the writeback desk. */
export const test = base.extend<{ desk: DeskWorld }>({
  desk: async ({ workspace }, use) => {
    const server = await startCountingServer({ token: 'practice-token' })
    const home = join(dirname(workspace), 'home')
    const mountDir = join(workspace, 'tickets')
    const write: DeskWorld['write'] = async (files) => {
      for (const [name, value] of Object.entries(files)) {
        const path = join(mountDir, name)
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value))
      }
    }
    await write({ '.relay/state.json': { workspaceId: 'ws_desk', remoteRoot: '/', status: 'ready' } })
    await mkdir(join(home, '.relayfile'), { recursive: true })
    const record = { name: 'ws_desk', createdAt: '2026-01-01T00:00:00Z', localDir: mountDir, server: server.url }
    await writeFile(join(home, '.relayfile', 'workspaces.json'), JSON.stringify({ workspaces: [record] }))
    const credentials = { server: server.url, token: 'practice-token' }
    await writeFile(join(home, '.relayfile', 'credentials.json'), JSON.stringify(credentials))
    await use({ server, home, mountDir, write })
    await server.close()
  },
})

/** When things failed. */
const failedAt = (n: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString().replace('.000Z', 'Z')

/** What is different about one stuck writeback. */
export interface StuckChange {
  readonly content?: string
  readonly message?: string
  readonly status?: number
}

/** The files of a writeback that a mount gave up: local file, outbox record, dead letter. */
export function stuck(
  path: string,
  { content = `new ${path}`, message = 'not valid', status = 422 }: StuckChange = {},
) {
  const id = createHash('sha256').update(path).digest('hex').slice(0, 12)
  const opId = `op_failed_${id}`
  const n = Number.parseInt(id.slice(0, 4), 16)
  const record = {
    commandId: `mountcmd_${id}`,
    workspaceId: 'ws_desk',
    remotePath: path,
    contentType: 'text/plain',
    content,
    hash: createHash('sha256').update(content).digest('hex'),
    exists: true,
    status: 'pending',
    firstSeenAt: failedAt(n),
    lastAttemptAt: failedAt(n + 5),
    attemptCount: 5,
    needsAttention: true,
    lastError: `http ${status}: ${message}`,
    expectedRevision: '0',
  }
  const letter = { opId, path, attempts: 1, lastStatus: status, lastBody: JSON.stringify({ message }), ts: failedAt(n) }
  return {
    [path.slice(1)]: content,
    [`.relay/outbox/pending/mountcmd_${id}.json`]: record,
    [`.relay/dead-letter/${opId}.json`]: letter,
  }
}

/** The files of a writeback that lost against a newer version of the server. */
export function conflict(path: string, { local, copy }: { readonly local: string; readonly copy: string }) {
  const id = createHash('sha256').update(path).digest('hex').slice(0, 12)
  return {
    [path.slice(1)]: local,
    [`.relay/conflicts${path}.rev_0.local`]: copy,
    [`.relay/outbox/failed/mountcmd_${id}.json`]: {
      commandId: `mountcmd_${id}`,
      workspaceId: 'ws_desk',
      remotePath: path,
      contentType: 'text/plain',
      content: copy,
      hash: createHash('sha256').update(copy).digest('hex'),
      exists: true,
      status: 'failed',
      firstSeenAt: failedAt(1),
      lastAttemptAt: failedAt(2),
      attemptCount: 1,
      lastError: 'expected revision "rev_0" but current revision is "rev_1"',
      expectedRevision: 'rev_0',
    },
  }
}

/** Retries the one writeback that is chosen, also where that is asked again. */
export async function retryOne(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Retry 1 writeback/ })
    .first()
    .click()
  const confirmation = page.getByRole('dialog').getByRole('button', { name: /^Retry 1 writeback/ })
  if (await confirmation.isVisible()) await confirmation.click()
}

/**
 * Gives hostile messages something to reach for: a workflow, a stuck change, a run of each kind of status, and a folder
 * outside with a file that nobody changes. Gives that folder.
 */
export async function layBait(desk: DeskWorld, workspace: string): Promise<string> {
  const outside = join(dirname(workspace), 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'secret.yaml'), 'nobody changes this')
  await writeWorkflow(workspace, 'flow', [{ name: 'one', command: 'true' }])
  await desk.write(stuck('/docs/a.md'))
  for (const [index, status] of ['completed', 'failed', 'cancelled', 'running'].entries())
    await appendFile(
      join(workspace, '.agent-relay', 'workflow-runs.jsonl'),
      runLine({ id: String(index).repeat(24), status, workflowName: `flow-${status}` }),
    )
  return outside
}
