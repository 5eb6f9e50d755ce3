import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../../files/atomicWrite'
import { hashOf, type Tracked } from './mirror'
import { HttpFailure, type PracticeClient } from './practiceClient'

const recordSchema = z.looseObject({
  commandId: z.string(),
  workspaceId: z.string(),
  remotePath: z.string(),
  contentType: z.string(),
  content: z.string(),
  encoding: z.string().optional(),
  hash: z.string(),
  status: z.string(),
  firstSeenAt: z.string(),
  attemptCount: z.number(),
  nextAttemptAt: z.string().optional(),
  needsAttention: z.boolean().optional(),
  opId: z.string().optional(),
  expectedRevision: z.string(),
  revision: z.string().optional(),
})
type OutboxRecord = z.infer<typeof recordSchema>

const maxAttempts = 5

export interface Outbox {
  /** Queues local content; an older record of the path is put aside as superseded. */
  readonly queue: (path: string, data: Uint8Array, known: Tracked | undefined) => Promise<void>
  /** Sends what is due and follows what was accepted. */
  readonly work: () => Promise<void>
  readonly failedAttempts: () => number
}

/** The outbox of the practice mount: records as files, read again every time, so that an edited record is obeyed. */
export function createOutbox({
  mountDir,
  workspaceId,
  client,
  tracked,
  backoffMs,
}: {
  readonly mountDir: string
  readonly workspaceId: string
  readonly client: PracticeClient
  readonly tracked: Map<string, Tracked>
  readonly backoffMs: number
}): Outbox {
  const root = join(mountDir, '.relay')
  const folder = (name: 'pending' | 'acked' | 'failed' | 'attention'): string => join(root, 'outbox', name)
  let failedAttempts = 0

  const pending = async (): Promise<readonly OutboxRecord[]> => {
    const names = (await readdir(folder('pending')).catch(() => [])).filter(
      (name) => name.endsWith('.json') && !name.startsWith('.'),
    )
    const records: OutboxRecord[] = []
    for (const name of names) {
      const parsed = recordSchema.safeParse(
        JSON.parse(await readFile(join(folder('pending'), name), 'utf8').catch(() => 'null')),
      )
      if (parsed.success) records.push(parsed.data)
    }
    return records
  }
  const save = (record: OutboxRecord): Promise<void> =>
    writeFileAtomic(join(folder('pending'), `${record.commandId}.json`), JSON.stringify(record))
  const close = async (record: OutboxRecord, to: 'acked' | 'failed', change: object): Promise<void> => {
    const name = `${record.commandId}.json`
    await writeFileAtomic(join(folder(to), name), JSON.stringify({ ...record, status: to, ...change }))
    await rm(join(folder('pending'), name), { force: true })
  }

  const send = async (record: OutboxRecord): Promise<void> => {
    const { commandId, remotePath, contentType, content, encoding = '', expectedRevision } = record
    const at = new Date().toISOString()
    try {
      const answer = await client.bulk([
        {
          path: remotePath,
          type: 'file',
          mode: 420,
          contentType,
          content,
          encoding,
          ifMatch: expectedRevision,
          contentIdentity: { kind: 'mount-command', key: commandId, ttlSeconds: 604_800 },
        },
      ])
      const [refusal] = answer.errors
      if (refusal) return await refuse(record, refusal.code, refusal.message)
      const [result] = answer.results
      if (!result) throw new HttpFailure(null, 'the answer names no file')
      const { nextAttemptAt: _next, lastError: _error, ...rest } = record
      await save({
        ...rest,
        lastAttemptAt: at,
        opId: result.opId,
        revision: result.revision,
        dispatchStatus: 'pending',
      })
      const known = tracked.get(remotePath)
      if (known) Object.assign(known, { revision: result.revision, dirty: false })
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error
      failedAttempts++
      // Before the attempt is counted, as the real one does: it writes it where it makes its requests.
      if (error.status !== null) await writeDeadLetter(record.remotePath, error.status, error.body)
      const attemptCount = record.attemptCount + 1
      const nextAttemptAt = new Date(Date.now() + Math.min(backoffMs * 2 ** (attemptCount - 1), 30_000)).toISOString()
      await save({
        ...record,
        attemptCount,
        lastAttemptAt: at,
        nextAttemptAt,
        lastError: error.message.slice(0, 500),
        ...(attemptCount >= maxAttempts ? { needsAttention: true } : {}),
      })
    }
  }

  /** A per-file refusal inside a 202: the local version is kept aside as a conflict copy. */
  const refuse = async (record: OutboxRecord, code: string, message: string): Promise<void> => {
    await close(record, 'failed', { lastError: `${code}: ${message}`, lastAttemptAt: new Date().toISOString() })
    if (code !== 'conflict') return
    const copy = join(root, 'conflicts', `${record.remotePath}.${record.expectedRevision}.local`)
    await mkdir(join(copy, '..'), { recursive: true })
    await writeFile(copy, Buffer.from(record.content, record.encoding === 'base64' ? 'base64' : 'utf8'))
  }

  const writeDeadLetter = async (path: string, status: number, body: string): Promise<void> => {
    const opId = `op_failed_mount_${BigInt(Date.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n)}`
    const at = `${new Date().toISOString().slice(0, 19)}Z`
    const lastBody = Buffer.from(body).subarray(0, 1024).toString('utf8')
    const dead = join(root, 'dead-letter')
    await mkdir(dead, { recursive: true })
    await writeFileAtomic(
      join(dead, `${opId}.json`),
      `${JSON.stringify({ opId, path, attempts: 1, lastStatus: status, lastBody, ts: at }, null, 2)}\n`,
    )
    const code = status >= 500 || status === 429 ? 'provider_5xx_exhausted' : 'provider_4xx'
    const sidecar = {
      code,
      message: `writeback failed with HTTP ${status}: ${lastBody}`,
      providerStatus: status,
      ...parsedBody(body),
      attempts: 1,
      firstAttemptAt: at,
      lastAttemptAt: at,
      opId,
    }
    await writeFileAtomic(join(dead, `${opId}.error.json`), `${JSON.stringify(sidecar, null, 2)}\n`)
  }

  const follow = async (record: OutboxRecord & { readonly opId: string }): Promise<void> => {
    const { status, lastError } = await client.op(record.opId)
    const at = new Date().toISOString()
    if (status === 'succeeded') return close(record, 'acked', { dispatchStatus: 'succeeded', ackedAt: at })
    if (status !== 'dead_lettered') return
    await close(record, 'failed', {
      dispatchStatus: status,
      needsAttention: true,
      lastError: lastError ?? '',
      lastAttemptAt: at,
    })
    await writeFile(join(folder('attention'), `${record.commandId}.marker`), 'attention\n')
  }

  return {
    failedAttempts: () => failedAttempts,
    queue: async (path, data, known) => {
      const hash = hashOf(data)
      const queued = (await pending()).filter((record) => record.remotePath === path && record.opId === undefined)
      if (queued.some((record) => record.hash === hash)) return
      for (const record of queued) {
        const name = `${record.commandId}.json`
        await writeFileAtomic(
          join(folder('pending'), name),
          JSON.stringify({
            ...record,
            status: 'acked',
            dispatchStatus: 'superseded_by_newer_local_content',
            ackedAt: new Date().toISOString(),
          }),
        )
        await rename(join(folder('pending'), name), join(folder('acked'), name))
      }
      const text = Buffer.from(data).toString('utf8')
      const isText = Buffer.from(text).equals(Buffer.from(data))
      const firstSeenAt = new Date().toISOString()
      const commandId = `mountcmd_${createHash('sha256').update([workspaceId, path, hash, firstSeenAt].join('\0')).digest('hex').slice(0, 32)}`
      await save({
        commandId,
        workspaceId,
        remotePath: path,
        contentType: known?.contentType ?? 'text/plain',
        content: isText ? text : Buffer.from(data).toString('base64'),
        ...(isText ? {} : { encoding: 'base64' }),
        hash,
        exists: known !== undefined,
        status: 'pending',
        firstSeenAt,
        attemptCount: 0,
        expectedRevision: known?.revision ?? '0',
      })
    },
    work: async () => {
      for (const record of await pending()) {
        if (record.opId !== undefined) await follow({ ...record, opId: record.opId })
        else if (
          !record.needsAttention &&
          record.attemptCount < maxAttempts &&
          Date.parse(record.nextAttemptAt ?? '1970-01-01') <= Date.now()
        )
          await send(record)
      }
    },
  }
}

function parsedBody(body: string): { readonly providerResponse?: unknown } {
  if (body === '') return {}
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return { providerResponse: value }
  } catch {
    // Kept as text below.
  }
  return { providerResponse: { raw: body.slice(0, 1024), truncated: body.length > 1024 } }
}
