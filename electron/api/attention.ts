import { basename } from 'node:path'
import type { EventName, EventPayload } from '../../shared/contract'
import type { Happening } from '../../shared/notices'
import { type ClockTime, toClockTime } from '../../shared/rules/quietHours'
import { tellingOf } from '../../shared/rules/telling'
import type { Settings } from '../../shared/settings'
import type { Trouble } from '../writebacks/troubleWatch'
import { type Notices, openNotices } from './notices'
import { followRuns, type RunAttention } from './runAttention'
import type { Session } from './session'

/** Decides of what a person hears, and how. */
export interface Attention {
  readonly notices: Notices
  /** Follows a workspace until the returned function is called. */
  readonly follow: (session: Pick<Session, 'folder' | 'store' | 'ready'>) => () => void
  /** Tells of something unless the list of notices has it already. */
  readonly tellOnce: (happening: Happening) => void
  readonly tellTrouble: (trouble: Trouble) => void
  readonly watch: (run: { readonly workspaceId: string; readonly runId: string }, byHand: boolean) => Promise<void>
  readonly close: () => Promise<void>
}

type Emit = <E extends EventName>(event: E, payload: EventPayload<E>) => void

/** Opens the notices of the data folder and tells of new ones by `notices:changed` and `notices:told`. */
export async function openAttention({
  dataDir,
  settings,
  staleAfterMs,
  folderOf,
  emit,
  onBug,
  nowMs = Date.now,
  clock = () => toClockTime(nowMs()),
}: {
  readonly dataDir: string
  readonly settings: () => Settings
  readonly staleAfterMs: () => number
  /** The path of a workspace's folder. */
  readonly folderOf: (workspaceId: string) => string | null
  readonly emit: Emit
  readonly onBug: (error: unknown) => void
  readonly nowMs?: () => number
  readonly clock?: () => ClockTime
}): Promise<Attention> {
  const notices = await openNotices({ dataDir, onChange: () => emit('notices:changed', {}), clock: nowMs })
  const followed = new Map<string, RunAttention>()
  /** When what has this key popped up last, in ms. */
  const last = new Map<string, number>()

  const tell = (happening: Happening): void => {
    const facts = { nowMs: nowMs(), clock: clock(), lastMs: last.get(happening.key) ?? null }
    const { keeps, popsUp, desktop } = tellingOf(happening.kind, settings(), facts)
    if (!keeps) return
    const notice = notices.add(happening)
    if (!popsUp) return
    last.delete(happening.key)
    last.set(happening.key, facts.nowMs)
    for (const [key] of last) if (last.size > 1_000) last.delete(key)
    emit('notices:told', { noticeId: notice.id, notice, desktop })
  }

  return {
    notices,
    follow: ({ folder, store, ready }) => {
      const { id: workspaceId, path } = folder
      const attention = followRuns(
        { workspaceId, workspaceName: basename(path) || path, store, ready, staleAfterMs },
        {
          watched: () => notices.watched(workspaceId),
          onEnded: (runIds) => void notices.unwatch(workspaceId, runIds),
          tell,
          onBug,
          clock: nowMs,
        },
      )
      followed.set(workspaceId, attention)
      return () => {
        followed.delete(workspaceId)
        attention.close()
      }
    },

    tellOnce: (happening) => {
      if (!notices.list().some(({ key }) => key === happening.key)) tell(happening)
    },
    tellTrouble: ({ workspaceId, count, path, message }) => {
      const folder = folderOf(workspaceId) ?? ''
      tell({
        ...{
          kind: 'writebacks',
          key: `writebacks ${workspaceId}`,
          workspaceId,
          workspaceName: basename(folder) || folder,
        },
        ...{
          subject: path?.slice(0, 1_000) ?? null,
          runId: null,
          outcome: null,
          message: message?.slice(0, 1_000) ?? null,
        },
        cause: null,
        count,
      })
    },
    watch: async ({ workspaceId, runId }, byHand) => {
      await notices.watch([{ workspaceId, runId, byHand }])
      followed.get(workspaceId)?.look([runId])
    },
    close: async () => {
      for (const attention of followed.values()) attention.close()
      await notices.close()
    },
  }
}
