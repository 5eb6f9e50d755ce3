import { join } from 'node:path'
import { z } from 'zod'
import type { Workspace } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { Closing } from '../runner/runner'
import { createJsonFile } from './jsonFile'
import { toRunFile } from './runFile'
import type { openSession, Session } from './session'
import { folderId, folderTrouble, toWorkspaceFolder, type WorkspaceFolder } from './workspaceFolder'

const savedSchema = z.looseObject({ version: z.literal(1), folders: z.array(z.string()) })

/** A workspace in the list: open, or with the reason why it cannot be. */
export interface WorkspaceEntry {
  readonly folder: WorkspaceFolder
  readonly session: Session | null
  readonly trouble: string | null
  readonly origin: Workspace['origin']
}

export interface Workspaces {
  readonly entries: () => readonly WorkspaceEntry[]
  readonly sessions: () => readonly Session[]
  /** Throws `not_found` for an id that is not in the list, `invalid_workspace` for one that could not be opened. */
  readonly session: (workspaceId: string) => Session
  readonly add: (path: string) => Promise<WorkspaceEntry>
  /** Opens a file of runs by itself, to be looked at; it is not saved. One of a workspace in the list leads there. */
  readonly addFile: (path: string) => Promise<WorkspaceEntry>
  readonly remove: (workspaceId: string) => Promise<void>
  readonly revision: () => number
  readonly close: (closing: Closing) => Promise<void>
}

/**
 * The workspaces of this process. With `named` (the command line's `-w`) only these, and nothing is saved; otherwise the
 * saved ones and those that `discover` finds, or, when there are none and `fallback` is given, that folder.
 */
export async function openWorkspaces({
  dataDir,
  named,
  discover,
  fallback,
  open,
  onChange,
}: {
  readonly dataDir: string
  readonly named: readonly string[]
  readonly discover: () => Promise<readonly string[]>
  readonly fallback: string | null
  readonly open: (folder: WorkspaceFolder) => ReturnType<typeof openSession>
  readonly onChange: () => void
}): Promise<Workspaces> {
  const saved = createJsonFile({
    path: join(dataDir, 'workspaces.json'),
    schema: savedSchema,
    initial: { version: 1, folders: [] },
  })
  let list: WorkspaceEntry[] = []
  let revision = 0
  const registered = new Set<string>()

  const changed = (): void => {
    revision++
    onChange()
  }
  const setOrigin = (entry: WorkspaceEntry, origin: Workspace['origin']): WorkspaceEntry => {
    const next = { ...entry, origin }
    list = list.map((other) => (other === entry ? next : other))
    return next
  }
  const enter = async (path: string, origin: Workspace['origin']): Promise<WorkspaceEntry> => {
    const trouble = await folderTrouble(path)
    const folder = trouble ? { id: folderId(path), path } : await toWorkspaceFolder(path)
    const known = list.find((entry) => entry.folder.id === folder.id)
    if (known) return origin === 'saved' ? setOrigin(known, origin) : known
    const entry = { folder, session: trouble ? null : open(folder), trouble, origin }
    list = [...list, entry]
    return entry
  }

  const forget = ({ folder }: WorkspaceEntry): Promise<unknown> =>
    saved.update((current) => ({ ...current, folders: current.folders.filter((path) => path !== folder.path) }))

  if (named.length > 0) {
    for (const path of named) {
      const { path: real } = await toWorkspaceFolder(path)
      await enter(real, 'named')
    }
  } else {
    for (const path of (await saved.read()).folders) await enter(path, 'saved')
    for (const path of await discover()) registered.add((await enter(path, 'registry')).folder.id)
    if (list.length === 0 && fallback !== null) await enter(fallback, 'current')
  }

  return {
    entries: () => list,
    sessions: () => list.flatMap((entry) => (entry.session ? [entry.session] : [])),
    session: (workspaceId) => {
      const entry = list.find(({ folder }) => folder.id === workspaceId)
      if (!entry)
        throw new RundeskError(
          'not_found',
          `There is no workspace ${workspaceId}. It may have been removed from the list.`,
        )
      if (!entry.session)
        throw new RundeskError('invalid_workspace', entry.trouble ?? `${entry.folder.path} cannot be opened.`)
      return entry.session
    },
    add: async (path) => {
      const folder = await toWorkspaceFolder(path)
      await saved.update((current) => ({ ...current, folders: [...new Set([...current.folders, folder.path])] }))
      const entry = await enter(folder.path, 'saved')
      changed()
      return entry
    },
    addFile: async (path) => {
      const folder = await toRunFile(path)
      const known = list.find(({ folder: { id }, session }) => id === folder.id || session?.store.file === folder.path)
      if (known) return known
      const entry: WorkspaceEntry = { folder, session: open(folder), trouble: null, origin: 'opened' }
      list = [...list, entry]
      changed()
      return entry
    },
    remove: async (workspaceId) => {
      const entry = list.find(({ folder }) => folder.id === workspaceId)
      if (!entry) throw new RundeskError('not_found', `There is no workspace ${workspaceId} in the list.`)
      if (entry.origin !== 'saved' && entry.origin !== 'opened')
        throw new RundeskError('refused', `${entry.folder.path} is not saved: ${unsaved[entry.origin]}`)
      if (registered.has(workspaceId)) {
        await forget(entry)
        setOrigin(entry, 'registry')
        changed()
        return
      }
      if (entry.session && entry.session.runner.executing().length > 0) {
        throw new RundeskError(
          'refused',
          `${entry.folder.path} has runs that Rundesk executes. Cancel them, or let them end, first.`,
        )
      }
      await forget(entry)
      list = list.filter((other) => other !== entry)
      await entry.session?.close({ stopRuns: true })
      changed()
    },
    revision: () => revision,
    close: async (options) => {
      await Promise.all(list.map((entry) => entry.session?.close(options)))
    },
  }
}

/** Why a workspace that is not saved is in the list, and cannot be removed from it. */
const unsaved: Readonly<Record<Exclude<Workspace['origin'], 'saved' | 'opened'>, string>> = {
  registry:
    'the registry of mounts (~/.relayfile/workspaces.json) names it, so it cannot be removed here. Unregister the mount to be rid of it.',
  named: 'it is in the list because the command line names it. Start without naming it.',
  current:
    'it is in the list because it is the current folder and nothing is saved. Save another one, or start elsewhere.',
}
