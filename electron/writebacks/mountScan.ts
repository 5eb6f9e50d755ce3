import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { Problem } from '../../shared/runs'
import { errnoCode } from '../files/errnoCode'
import { type DaemonState, daemonOf } from './daemon'
import { createDeadLetterReader, type DeadLetters } from './deadLetters'
import { type CachedFile, createFolderCache } from './fileCache'
import { createLocalFiles, type LocalFile } from './localFiles'
import { findPrivateState } from './privateState'
import {
  type OutboxRecord,
  outboxSchema,
  type PrivateState,
  type PublicState,
  publicStateSchema,
} from './recordSchemas'

export type OutboxFolder = 'pending' | 'failed' | 'acked'
export const outboxFolders: readonly OutboxFolder[] = ['pending', 'failed', 'acked']

/** Everything that the files of one mount say at one time. */
export interface MountScan {
  readonly localDir: string
  readonly state: PublicState | null
  readonly remoteRoot: string
  readonly privateState: PrivateState | null
  readonly daemon: DaemonState
  readonly dead: DeadLetters
  readonly outbox: Readonly<Record<OutboxFolder, readonly CachedFile<OutboxRecord>[]>>
  /** Remote-path-like names of copies in conflicts/, outside resolved/. */
  readonly conflictCopies: readonly string[]
  readonly problems: readonly Problem[]
}

export interface MountReader {
  readonly localDir: string
  readonly scan: () => Promise<MountScan>
  readonly localFile: (path: string | null) => Promise<LocalFile>
}

/** Reads one mount, again and again, each file only when it changed. Changes nothing on disk. */
export function createMountReader({
  localDir,
  home,
}: {
  readonly localDir: string
  readonly home: string
}): MountReader {
  const relay = join(localDir, '.relay')
  const readDead = createDeadLetterReader(join(relay, 'dead-letter'))
  const caches = Object.fromEntries(
    outboxFolders.map((folder) => [
      folder,
      createFolderCache(join(relay, 'outbox', folder), (text) => outboxSchema.parse(JSON.parse(text))),
    ]),
  ) as Record<OutboxFolder, ReturnType<typeof createFolderCache<OutboxRecord>>>

  return {
    localDir,
    localFile: createLocalFiles(),
    scan: async () => {
      const problems: Problem[] = []
      const add = (code: string, path: string, message: string): unknown =>
        problems.push({ code, path, line: null, message })
      const state = await readDocument(join(relay, 'state.json'), publicStateSchema, add)
      const remoteRoot = state?.remoteRoot ?? '/'
      const [dead, pending, failed, acked, daemon, conflictCopies, privateState] = await Promise.all([
        readDead(),
        caches.pending.read(),
        caches.failed.read(),
        caches.acked.read(),
        daemonOf(localDir, { home }),
        copiesIn(join(relay, 'conflicts')),
        findPrivateState({ localDir, home, remoteRoot, workspaceId: state?.workspaceId ?? null, onProblem: add }),
      ])
      for (const { path, reason } of dead.unreadable)
        add('unreadable_record', path, `This dead-letter record ${reason}. It is kept as it is and hides nothing else.`)
      for (const { path, reason } of dead.damagedSidecars)
        add('damaged_sidecar', path, `This error detail ${reason}. The record beside it is shown without it.`)
      for (const { path, opId } of dead.misnamed)
        add(
          'misnamed_record',
          path,
          `This record says that its operation is ${JSON.stringify(opId)}, but its file has another name.`,
        )
      if (dead.folderError)
        add(
          'unreadable_folder',
          join(relay, 'dead-letter'),
          `The dead-letter folder ${dead.folderError}, so failures may be missing here.`,
        )
      for (const [folder, { files, error }] of Object.entries({ pending, failed, acked })) {
        if (error)
          add(
            'unreadable_folder',
            join(relay, 'outbox', folder),
            `This outbox folder ${error}, so writebacks may be missing here.`,
          )
        for (const file of files)
          if (file.error !== null)
            add('unreadable_outbox_record', file.path, `This outbox record ${file.error}. It is kept as it is.`)
      }
      if (daemon.stale)
        add(
          'stale_pid_file',
          join(relay, 'mount.pid'),
          `The mount's daemon${daemon.pid === null ? '' : ` (process ${daemon.pid})`} is not running, but its pid file is still there. Start the mount again.`,
        )
      else if (!daemon.alive && pending.files.length > 0)
        add(
          'daemon_not_running',
          localDir,
          'Writebacks wait here, but no mount daemon runs that would send them. Start the mount.',
        )
      return {
        localDir,
        state,
        remoteRoot,
        privateState,
        daemon,
        dead,
        outbox: { pending: pending.files, failed: failed.files, acked: acked.files },
        conflictCopies,
        problems,
      }
    },
  }
}

/** Reads one JSON document; missing gives null, damaged gives null and a problem. */
export async function readDocument<T>(
  path: string,
  schema: z.ZodType<T>,
  onProblem: (code: string, path: string, message: string) => void,
): Promise<T | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const code = errnoCode(error)
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      onProblem('unreadable_state', path, `This file cannot be read (${code}).`)
    return null
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    onProblem('damaged_state', path, 'This file is damaged. The mount writes it anew with its next cycle.')
    return null
  }
}

async function copiesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  return entries.flatMap((entry) => {
    if (!entry.isFile()) return []
    const name = join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/')
    return name.startsWith('/resolved/') ? [] : [name]
  })
}
