import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { containedPath } from '../../files/containedPath'
import { localPaths, put, readObject, type TrackedFile } from './mountFolder'
import { createOutbox } from './outbox'
import { serverClient } from './serverClient'

export interface PracticeDaemon {
  readonly pid: number
  readonly flush: () => Promise<void>
  readonly stop: () => Promise<void>
}
type Entry = Record<string, unknown>
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Mirrors a workspace into a folder and sends local edits, with the files a relayfile mount keeps. */
export async function startPracticeDaemon(options: {
  readonly mountDir: string
  readonly serverUrl: string
  readonly token: string
  readonly workspaceId: string
  readonly intervalMs: number
  readonly onEvent?: () => void
  readonly backoffMs?: number
}): Promise<PracticeDaemon> {
  const { mountDir, serverUrl, token, workspaceId, intervalMs, onEvent, backoffMs = 500 } = options
  const call = serverClient(serverUrl, token, workspaceId)
  const relay = join(mountDir, '.relay')
  const privateFile = join(mountDir, '.relayfile-mount-state.json')
  const saved = await readObject(privateFile)
  const files: Record<string, TrackedFile> = { ...(saved?.files as Record<string, TrackedFile> | undefined) }
  let cursor = typeof saved?.cursor === 'string' ? saved.cursor : undefined
  let lastError: string | undefined
  const outbox = createOutbox({
    mountDir,
    workspaceId,
    call,
    backoffMs,
    delivered: (path, revision, hash) => {
      const dirty = files[path]?.hash !== hash
      const contentType = files[path]?.contentType ?? 'text/plain'
      files[path] = { revision, contentType, hash: files[path]?.hash ?? hash, ...(dirty ? { dirty } : {}) }
    },
  })
  const get = async (route: string): Promise<Entry> => {
    const reply = await call('GET', route)
    if (reply.status !== 200) throw new Error(`http ${reply.status}: ${reply.text.slice(0, 300)}`)
    return reply.body
  }
  const pull = async (path: string): Promise<void> => {
    const local = containedPath(mountDir, path.slice(1))
    if (files[path]?.dirty || path.split('/').some((part) => part.startsWith('.'))) return
    const file = await get(`fs/file?path=${encodeURIComponent(path)}`)
    if (files[path]?.revision === file.revision) return
    const bytes = Buffer.from(String(file.content), file.encoding === 'base64' ? 'base64' : 'utf8')
    await put(local, bytes)
    files[path] = { revision: String(file.revision), contentType: String(file.contentType), hash: hashOf(bytes) }
  }
  const bootstrap = async (): Promise<void> => {
    const newest = (await get('fs/events?direction=desc&limit=1')).events as Entry[]
    for (let page = ''; ; ) {
      const tree = await get(`fs/tree?path=%2F${page}`)
      for (const entry of tree.entries as Entry[]) if (entry.type === 'file') await pull(String(entry.path))
      if (typeof tree.nextCursor !== 'string') break
      page = `&cursor=${encodeURIComponent(tree.nextCursor)}`
    }
    cursor = String(newest[0]?.eventId ?? '')
  }
  const scan = async (): Promise<void> => {
    for (const path of await localPaths(mountDir)) {
      const bytes = await readFile(containedPath(mountDir, path.slice(1)))
      const hash = hashOf(bytes)
      const known = files[path]
      if (known?.hash === hash) continue
      await outbox.add(path, bytes, known)
      files[path] = {
        revision: known?.revision ?? '',
        contentType: known?.contentType ?? 'text/plain',
        hash,
        dirty: true,
      }
    }
  }
  const pullEvents = async (): Promise<void> => {
    for (;;) {
      const { events } = await get(`fs/events?cursor=${encodeURIComponent(cursor ?? '')}&limit=50`)
      for (const event of events as Entry[]) {
        const path = String(event.path)
        if (event.type !== 'file.deleted') await pull(path)
        else if (!files[path]?.dirty) {
          await rm(containedPath(mountDir, path.slice(1)), { force: true })
          delete files[path]
        }
        cursor = String(event.eventId)
      }
      if ((events as Entry[]).length < 50) return
    }
  }
  const publish = async (): Promise<void> => {
    await put(privateFile, JSON.stringify({ files, cursor, bootstrapComplete: cursor !== undefined }))
    const { pending, failures } = outbox.counts()
    const at = new Date().toISOString()
    const names = [...new Set(Object.keys(files).map((path) => path.split('/')[1] ?? ''))]
    const providers = names.map((provider) => ({ provider, status: 'healthy', lagSeconds: 0, deadLetteredOps: 0 }))
    const status = lastError ? 'offline' : pending > 0 ? 'writeback-pending' : 'ready'
    const error = lastError ? { lastError: { kind: 'offline', message: lastError, at } } : {}
    const times = { lastReconcileAt: at, ...(lastError ? {} : { lastSuccessfulReconcileAt: at }), intervalMs }
    const counts = { pendingWriteback: pending, pendingConflicts: 0, deniedPaths: 0, failedWritebacks: failures }
    const state = { workspaceId, remoteRoot: '/', mode: 'poll', status, ...times, providers, ...counts, ...error }
    await put(join(relay, 'state.json'), `${JSON.stringify(state, null, 2)}\n`)
  }
  const cycle = async (): Promise<void> => {
    try {
      if (cursor === undefined) await bootstrap()
      await scan()
      await outbox.send()
      await pullEvents()
      lastError = undefined
    } catch (error) {
      lastError = error instanceof Error ? error.message : String(error)
    }
    await publish().catch(() => undefined)
    onEvent?.()
  }
  let queue: Promise<void> = Promise.resolve()
  const flush = (): Promise<void> => {
    queue = queue.then(cycle)
    return queue
  }
  const executable = realpathSync(process.execPath)
  const logFile = join(relay, 'mount.log')
  const pid = { pid: process.pid, workspaceId, localDir: mountDir, logFile, startedAt: new Date().toISOString() }
  await put(join(relay, 'mount.pid'), JSON.stringify({ ...pid, executable }))
  await put(join(relay, 'outbox', 'capabilities.json'), '{"schemaVersion":2,"dispatchReceipts":true}')
  await flush()
  let timer: NodeJS.Timeout
  let stopped = false
  const next = (): void => {
    timer = setTimeout(() => void flush().then(() => stopped || next()), intervalMs)
  }
  next()
  return {
    pid: process.pid,
    flush,
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await queue
      await rm(join(relay, 'mount.pid'), { force: true })
    },
  }
}
