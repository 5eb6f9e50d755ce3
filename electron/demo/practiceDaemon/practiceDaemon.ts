import { realpathSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../../files/atomicWrite'
import { bootstrap, drop, hashOf, localFiles, pull, type Tracked } from './mirror'
import { createOutbox } from './outbox'
import { createPracticeClient, HttpFailure } from './practiceClient'

/** A running practice mount. */
export interface PracticeDaemon {
  readonly pid: number
  /** Does one cycle at once. */
  readonly flush: () => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Keeps a folder in step with a relayfile server, as a mount daemon does: local edits go out through the outbox, remote
 * changes come in by events. Small, but honest: everything it says stands in the same files as the real one's.
 */
export async function startPracticeDaemon({
  mountDir,
  serverUrl,
  token,
  workspaceId,
  intervalMs,
  backoffMs = 500,
  onEvent = () => undefined,
}: {
  readonly mountDir: string
  readonly serverUrl: string
  readonly token: string
  readonly workspaceId: string
  readonly intervalMs: number
  readonly backoffMs?: number
  readonly onEvent?: () => void
}): Promise<PracticeDaemon> {
  const relay = join(mountDir, '.relay')
  for (const folder of [
    'outbox/pending',
    'outbox/acked',
    'outbox/failed',
    'outbox/attention',
    'dead-letter',
    'conflicts',
  ])
    await mkdir(join(relay, folder), { recursive: true })
  const startedAt = new Date().toISOString()
  const pidFile = join(relay, 'mount.pid')
  await writeFileAtomic(
    pidFile,
    JSON.stringify({
      pid: process.pid,
      workspaceId,
      localDir: mountDir,
      logFile: '',
      startedAt,
      executable: realpathSync(process.execPath),
    }),
  )
  const client = createPracticeClient({ serverUrl, token, workspaceId })
  const tracked = new Map<string, Tracked>()
  const outbox = createOutbox({ mountDir, workspaceId, client, tracked, backoffMs })
  let cursor: string | undefined
  let lastError: string | undefined

  const scan = async (): Promise<void> => {
    for (const path of await localFiles(mountDir)) {
      const data = await readFile(join(mountDir, path)).catch(() => undefined)
      if (!data) continue
      const known = tracked.get(path)
      const hash = hashOf(data)
      if (known?.hash === hash) continue
      await outbox.queue(path, data, known)
      tracked.set(path, {
        revision: known?.revision ?? '0',
        contentType: known?.contentType ?? 'text/plain',
        hash,
        dirty: true,
      })
    }
  }
  const follow = async (): Promise<void> => {
    cursor ??= await bootstrap(client, mountDir, tracked)
    for (const event of await client.events(cursor)) {
      if (event.type === 'file.deleted') await drop(mountDir, event.path, tracked)
      else if (tracked.get(event.path)?.revision !== event.revision)
        await pull(client, { mountDir, path: event.path, tracked })
      cursor = event.eventId
    }
  }
  const writeStates = async (): Promise<void> => {
    const at = new Date().toISOString()
    const status = lastError === undefined ? 'ready' : 'offline'
    const dirty = [...tracked].filter(([, entry]) => entry.dirty)
    await writeFileAtomic(
      join(relay, 'state.json'),
      JSON.stringify({
        workspaceId,
        remoteRoot: '/',
        mode: 'poll',
        status,
        lastReconcileAt: at,
        intervalMs,
        providers: [],
        pendingWriteback: dirty.length,
        pendingConflicts: 0,
        deniedPaths: 0,
        failedWritebacks: outbox.failedAttempts(),
        ...(lastError === undefined ? {} : { lastError: { kind: 'offline', message: lastError, at } }),
      }),
    )
    await writeFileAtomic(
      join(mountDir, '.relayfile-mount-state.json'),
      JSON.stringify({ files: Object.fromEntries(tracked) }),
    )
  }

  const cycle = async (): Promise<void> => {
    try {
      if (cursor !== undefined) {
        await scan()
        await outbox.work()
      }
      await follow()
      lastError = undefined
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error
      lastError = error.message
    }
    await writeStates()
    onEvent()
  }

  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running = cycle()
  const next = (): Promise<void> => {
    running = running.catch(() => undefined).then(cycle)
    return running
  }
  const schedule = (): void => {
    if (stopped) return
    timer = setTimeout(
      () =>
        void next()
          .catch(() => undefined)
          .finally(schedule),
      intervalMs,
    )
  }
  await running
  schedule()
  return {
    pid: process.pid,
    flush: next,
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running.catch(() => undefined)
      await rm(pidFile, { force: true })
    },
  }
}
