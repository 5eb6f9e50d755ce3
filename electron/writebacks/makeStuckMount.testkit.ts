import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const perFolder = 100

/** A writeback that is stuck: its number tells everything of it. */
export function stuckWriteback(index: number): {
  readonly path: string
  readonly content: string
  readonly revision: string
} {
  return {
    path: `/docs/${Math.floor(index / perFolder)}/${index}.md`,
    content: `the new text ${index}\n${'word '.repeat(60)}\n`,
    revision: `rev_${index + 1}`,
  }
}

/** Makes a mount with stuck writebacks, each with one dead letter, and a home with credentials for its server. */
export function makeStuckMount(
  root: string,
  { items, serverUrl, token }: { readonly items: number; readonly serverUrl: string; readonly token: string },
): { readonly mount: string; readonly home: string } {
  const mount = join(root, 'mount')
  const home = join(root, 'home')
  const pending = join(mount, '.relay', 'outbox', 'pending')
  const dead = join(mount, '.relay', 'dead-letter')
  for (const folder of [pending, dead, join(home, '.relayfile')]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(mount, '.relay', 'state.json'), JSON.stringify({ workspaceId: 'ws_bench', remoteRoot: '/' }))
  for (let index = 0; index < items; index++) {
    const { path, content, revision } = stuckWriteback(index)
    if (index % perFolder === 0) mkdirSync(join(mount, path, '..'), { recursive: true })
    writeFileSync(join(mount, path), content)
    writeFileSync(
      join(pending, `mountcmd_${index}.json`),
      JSON.stringify(outboxRecord(index, { path, content, revision })),
    )
    const opId = `op_failed_${index}`
    const letter = {
      opId,
      path,
      attempts: 1,
      lastStatus: 422,
      lastBody: '{"message":"no"}',
      ts: '2026-11-20T10:00:00Z',
    }
    writeFileSync(join(dead, `${opId}.json`), JSON.stringify(letter))
  }
  const workspaces = [{ name: 'ws_bench', createdAt: 'x', localDir: mount, server: serverUrl }]
  writeFileSync(join(home, '.relayfile', 'workspaces.json'), JSON.stringify({ workspaces }))
  writeFileSync(join(home, '.relayfile', 'credentials.json'), JSON.stringify({ server: serverUrl, token }))
  return { mount, home }
}

function outboxRecord(
  index: number,
  { path, content, revision }: { readonly path: string; readonly content: string; readonly revision: string },
): object {
  return {
    commandId: `mountcmd_${index}`,
    workspaceId: 'ws_bench',
    remotePath: path,
    contentType: 'text/markdown',
    content,
    hash: createHash('sha256').update(content).digest('hex'),
    exists: true,
    status: 'pending',
    firstSeenAt: '2026-11-20T10:00:00Z',
    lastAttemptAt: '2026-11-20T10:00:05Z',
    attemptCount: 5,
    needsAttention: true,
    lastError: 'http 422: no',
    expectedRevision: revision,
  }
}
