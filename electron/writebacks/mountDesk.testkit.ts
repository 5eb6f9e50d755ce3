import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A mount folder with the given files; JSON values are written as JSON. */
export async function makeMount(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = join(await makeTemporaryFolder(), 'mount')
  const all = { '.relay/state.json': { workspaceId: 'ws_test', remoteRoot: '/' }, ...files }
  for (const [name, value] of Object.entries(all)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return folder
}

/** A dead letter as the mount's command line writes it. */
export function makeDeadLetter(change: object = {}): object {
  return {
    opId: 'op_1',
    path: '/docs/a.md',
    attempts: 1,
    lastStatus: 422,
    lastBody: '{"message":"not valid"}',
    ts: '2026-11-20T10:00:00Z',
    ...change,
  }
}

/** An outbox record. */
export function makeOutboxRecord(change: object = {}): object {
  return {
    commandId: 'mountcmd_1',
    workspaceId: 'ws_test',
    remotePath: '/docs/a.md',
    contentType: 'text/markdown',
    content: 'new\n',
    hash: sha256('new\n'),
    exists: true,
    status: 'pending',
    firstSeenAt: '2026-11-20T10:00:00Z',
    lastAttemptAt: '2026-11-20T10:00:05Z',
    attemptCount: 5,
    needsAttention: true,
    lastError: 'http 422: not valid',
    expectedRevision: 'rev_1',
    ...change,
  }
}
