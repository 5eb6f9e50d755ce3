import { createHash, randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { put, readObject, type TrackedFile } from './mountFolder'
import type { Reply, ServerClient } from './serverClient'

type Entry = Record<string, unknown>
export interface Outbox {
  readonly add: (path: string, bytes: Buffer, tracked: TrackedFile | undefined) => Promise<void>
  readonly send: () => Promise<void>
  readonly counts: () => { readonly pending: number; readonly failures: number }
}
const now = (): string => new Date().toISOString()

/** The outbox of a mount: records on disk, read anew in each cycle, so that one re-armed from outside is sent. */
export function createOutbox(options: {
  readonly mountDir: string
  readonly workspaceId: string
  readonly call: ServerClient
  readonly backoffMs: number
  readonly delivered: (path: string, revision: string, hash: string) => void
}): Outbox {
  const { mountDir, workspaceId, call, backoffMs, delivered } = options
  const relay = join(mountDir, '.relay')
  const place = (state: string, id: unknown): string => join(relay, 'outbox', state, `${id}.json`)
  let failures = 0
  let pending = 0
  const save = (entry: Entry): Promise<void> => put(place('pending', entry.commandId), JSON.stringify(entry))
  const move = async (entry: Entry, status: string): Promise<void> => {
    await put(place(status, entry.commandId), JSON.stringify({ ...entry, status }))
    await rm(place('pending', entry.commandId), { force: true })
  }
  const waiting = async (): Promise<Entry[]> => {
    const names = await readdir(join(relay, 'outbox', 'pending')).catch(() => [])
    const ids = names.filter((name) => /^mountcmd_[0-9a-f]{32}\.json$/.test(name))
    const entries = await Promise.all(ids.map((name) => readObject(join(relay, 'outbox', 'pending', name))))
    return entries.filter((entry) => entry !== undefined)
  }
  const deadLetter = async (entry: Entry, reply: Reply): Promise<void> => {
    const { status, attempts, text } = reply
    const opId = `op_failed_${reply.correlationId}`
    const ts = `${now().slice(0, 19)}Z`
    const lastBody = text.slice(0, 1024)
    const write = (name: string, value: object): Promise<void> =>
      put(join(relay, 'dead-letter', name), `${JSON.stringify(value, null, 2)}\n`)
    const code = status === 429 || status >= 500 ? 'provider_5xx_exhausted' : status >= 400 ? 'provider_4xx' : 'timeout'
    await write(`${opId}.json`, { opId, path: entry.remotePath, attempts, lastStatus: status, lastBody, ts })
    const message = `writeback failed with HTTP ${status}: ${lastBody}`
    const times = { firstAttemptAt: ts, lastAttemptAt: ts, opId }
    await write(`${opId}.error.json`, {
      code,
      message,
      providerStatus: status,
      providerResponse: reply.body,
      attempts,
      ...times,
    })
  }
  const failed = async (entry: Entry, lastError: string): Promise<void> => {
    failures++
    const attemptCount = Number(entry.attemptCount) + 1
    const nextAttemptAt = new Date(Date.now() + Math.min(30_000, backoffMs * 2 ** (attemptCount - 1))).toISOString()
    const stuck = attemptCount >= 5 ? { needsAttention: true } : {}
    await save({
      ...entry,
      attemptCount,
      lastError: lastError.slice(0, 500),
      lastAttemptAt: now(),
      nextAttemptAt,
      ...stuck,
    })
  }
  const deliver = async (entry: Entry): Promise<void> => {
    const path = String(entry.remotePath)
    const { contentType, content, encoding = '' } = entry
    const contentIdentity = { kind: 'mount-command', key: entry.commandId, ttlSeconds: 604_800 }
    const file = { path, contentType, content, encoding, contentIdentity, ifMatch: entry.expectedRevision ?? '0' }
    let reply: Reply
    try {
      reply = await call('POST', 'fs/bulk', { files: [{ type: 'file', mode: 420, ...file }] })
    } catch (error) {
      return failed(entry, error instanceof Error ? error.message : String(error))
    }
    if (reply.status < 200 || reply.status > 299) {
      await deadLetter(entry, reply)
      return failed(entry, `http ${reply.status}: ${reply.text}`)
    }
    const result = (reply.body.results as Entry[] | undefined)?.[0]
    if (result) {
      delivered(path, String(result.revision), String(entry.hash))
      const { opId, revision } = result
      return save({ ...entry, opId, revision, lastAttemptAt: now(), dispatchStatus: 'pending' })
    }
    const problem = (reply.body.errors as Entry[] | undefined)?.[0]
    const bytes = Buffer.from(String(content), encoding === 'base64' ? 'base64' : 'utf8')
    await put(join(relay, 'conflicts', `${path}.${entry.expectedRevision ?? 'unknown'}.local`), bytes)
    await move({ ...entry, lastError: String(problem?.message ?? 'not named in the answer') }, 'failed')
  }
  const receipt = async (entry: Entry): Promise<void> => {
    const reply = await call('GET', `ops/${encodeURIComponent(String(entry.opId))}`).catch(() => undefined)
    if (!reply) return
    const dispatchStatus = reply.status === 404 ? 'not_found' : String(reply.body.status ?? entry.dispatchStatus)
    if (dispatchStatus === 'succeeded') return move({ ...entry, dispatchStatus, ackedAt: now() }, 'acked')
    if (!['dead_lettered', 'failed', 'canceled'].includes(dispatchStatus)) return save({ ...entry, dispatchStatus })
    await put(join(relay, 'outbox', 'attention', `${entry.commandId}.marker`), 'attention\n')
    await move({ ...entry, dispatchStatus, needsAttention: true, lastError: reply.body.lastError }, 'failed')
  }
  return {
    add: async (path, bytes, tracked) => {
      for (const older of await waiting())
        if (older.remotePath === path && !older.opId)
          await move({ ...older, dispatchStatus: 'superseded_by_newer_local_content', ackedAt: now() }, 'acked')
      const binary = !Buffer.from(bytes.toString('utf8')).equals(bytes)
      await save({
        commandId: `mountcmd_${randomBytes(16).toString('hex')}`,
        workspaceId,
        remotePath: path,
        contentType: path.endsWith('.json') ? 'application/json' : 'text/plain',
        content: bytes.toString(binary ? 'base64' : 'utf8'),
        ...(binary ? { encoding: 'base64' } : {}),
        hash: createHash('sha256').update(bytes).digest('hex'),
        exists: tracked !== undefined,
        status: 'pending',
        firstSeenAt: now(),
        attemptCount: 0,
        expectedRevision: tracked?.revision || '0',
      })
    },
    send: async () => {
      for (const entry of await waiting()) {
        const due = !entry.nextAttemptAt || Date.parse(String(entry.nextAttemptAt)) <= Date.now()
        if (entry.opId) await receipt(entry)
        else if (!entry.needsAttention && Number(entry.attemptCount) < 5 && due) await deliver(entry)
      }
      pending = (await waiting()).length
    },
    counts: () => ({ pending, failures }),
  }
}
