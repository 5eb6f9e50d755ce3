import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { z } from 'zod'
import { type Happening, type Notice, noticeSchema, type WatchedRun, watchedRunSchema } from '../../shared/notices'
import { foldNotice, maxNotices } from '../../shared/rules/foldNotice'
import type { DocumentTrouble } from '../../shared/settings'
import { openOwnDocument, type Salvaged } from './ownDocument'

interface Stored {
  readonly version: 1
  /** Newest first. */
  readonly notices: readonly Notice[]
  /** Newest first. */
  readonly watched: readonly WatchedRun[]
}

/** What a person was told, and of what runs they want to hear: kept in memory, and in a file as well as the disk lets it. */
export interface Notices {
  readonly list: () => readonly Notice[]
  readonly unread: () => number
  /** Gives the notice that now tells of it. */
  readonly add: (happening: Happening) => Notice
  /** Null: all of them. */
  readonly markRead: (ids: readonly string[] | null, read: boolean) => Promise<void>
  readonly clear: (ids: readonly string[] | null) => Promise<void>
  readonly watched: (workspaceId: string) => ReadonlyMap<string, WatchedRun>
  readonly watch: (runs: readonly WatchedRun[]) => Promise<void>
  readonly unwatch: (workspaceId: string, runIds: readonly string[]) => Promise<void>
  /** Why the newest of them are not in the file; null when they are. */
  readonly trouble: () => string | null
  /** What is wrong with the file. */
  readonly documentTrouble: () => DocumentTrouble | null
  /** Resolves when what was added is in the file, or the disk refused it. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}

const maxWatched = 1_000
const initial: Stored = { version: 1, notices: [], watched: [] }
type Change = (stored: Stored) => Stored

/** Opens `notices.json` of the data folder. A file that is damaged is kept aside; one of a newer Rundesk stays as it is. */
export async function openNotices({
  dataDir,
  onChange,
  clock = Date.now,
}: {
  readonly dataDir: string
  readonly onChange: () => void
  readonly clock?: () => number
}): Promise<Notices> {
  const document = await openOwnDocument({
    path: join(dataDir, 'notices.json'),
    initial,
    salvage,
    watch: true,
    onChange: () => refold(),
  })
  /** What is not in the file yet, in order. */
  let waiting: readonly Change[] = []
  let current = document.get()
  let byWorkspace = byWorkspaceOf(current.watched)
  let refusal: string | null = null
  let writing: Promise<void> = Promise.resolve()

  const refold = (): void => {
    current = waiting.reduce((stored, change) => change(stored), document.get())
    byWorkspace = byWorkspaceOf(current.watched)
    onChange()
  }
  const write = async (): Promise<void> => {
    const batch = waiting
    if (batch.length === 0) return
    try {
      await document.update((stored) => {
        waiting = waiting.slice(batch.length)
        return batch.reduce((next, change) => change(next), stored)
      })
      refusal = null
    } catch (error) {
      if (!waiting.includes(batch[0] as Change)) waiting = [...batch, ...waiting]
      refusal = error instanceof Error ? error.message : String(error)
      refold()
    }
  }
  const change = (next: Change): Promise<void> => {
    waiting = [...waiting, next]
    refold()
    writing = writing.then(write)
    return writing
  }

  return {
    list: () => current.notices,
    unread: () => current.notices.reduce((sum, { read }) => sum + (read ? 0 : 1), 0),
    add: (happening) => {
      const made = { id: randomBytes(8).toString('hex'), nowMs: clock() }
      void change((stored) => ({ ...stored, notices: foldNotice(stored.notices, happening, made) }))
      const [newest] = current.notices
      return newest ?? { ...happening, id: made.id, at: '', firstAt: '', read: false }
    },
    markRead: (ids, read) => {
      const wanted = ids && new Set(ids)
      const mark = (notice: Notice): Notice => (!wanted || wanted.has(notice.id) ? { ...notice, read } : notice)
      return change((stored) => ({ ...stored, notices: stored.notices.map(mark) }))
    },
    clear: (ids) => {
      const gone = ids && new Set(ids)
      return change((stored) => ({ ...stored, notices: gone ? stored.notices.filter(({ id }) => !gone.has(id)) : [] }))
    },
    watched: (workspaceId) => byWorkspace.get(workspaceId) ?? none,
    watch: (runs) =>
      change((stored) => {
        const others = stored.watched.filter((old) => !runs.some((run) => isSame(run, old)))
        return { ...stored, watched: [...runs, ...others].slice(0, maxWatched) }
      }),
    unwatch: (workspaceId, runIds) =>
      change((stored) => ({
        ...stored,
        watched: stored.watched.filter((run) => run.workspaceId !== workspaceId || !runIds.includes(run.runId)),
      })),
    trouble: () => refusal ?? document.trouble()?.message ?? null,
    documentTrouble: document.trouble,
    settled: () => writing,
    close: async () => {
      await writing
      document.close()
    },
  }
}

const none: ReadonlyMap<string, WatchedRun> = new Map()

function isSame(left: WatchedRun, right: WatchedRun): boolean {
  return left.workspaceId === right.workspaceId && left.runId === right.runId
}

function byWorkspaceOf(watched: readonly WatchedRun[]): ReadonlyMap<string, ReadonlyMap<string, WatchedRun>> {
  const found = new Map<string, Map<string, WatchedRun>>()
  for (const run of watched) {
    const of = found.get(run.workspaceId) ?? new Map<string, WatchedRun>()
    of.set(run.runId, run)
    found.set(run.workspaceId, of)
  }
  return found
}

function salvage(stored: Readonly<Record<string, unknown>>): Salvaged<Stored> {
  const lost: string[] = []
  const read = <T>(name: string, schema: z.ZodType<T>, most: number): T[] => {
    const list = stored[name] ?? []
    const parsed = Array.isArray(list) ? list.map((entry) => schema.safeParse(entry)) : []
    if (!Array.isArray(list) || parsed.some(({ success }) => !success)) lost.push(name)
    return parsed.flatMap(({ data }) => (data === undefined ? [] : [data])).slice(0, most)
  }
  const notices = read('notices', noticeSchema, maxNotices)
  return { value: { version: 1, notices, watched: read('watched', watchedRunSchema, maxWatched) }, lost }
}
