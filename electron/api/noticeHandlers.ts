import type { Handlers } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { Attention } from './attention'
import type { Workspaces } from './workspaces'

type NoticeHandlers = Pick<
  Handlers,
  'notices:list' | 'notices:markRead' | 'notices:clear' | 'notices:watch' | 'notices:watched'
>

/** The handlers about what a person is told. Without attention, as on a command line, there is nothing. */
export function createNoticeHandlers(attention: Attention | null, workspaces: () => Workspaces): NoticeHandlers {
  return {
    'notices:list': async ({ unreadOnly, offset, limit }) => {
      const all = attention?.notices.list() ?? []
      const wanted = unreadOnly ? all.filter(({ read }) => !read) : all
      return {
        notices: wanted.slice(offset, offset + limit),
        total: wanted.length,
        unread: attention?.notices.unread() ?? 0,
        trouble: attention?.notices.trouble() ?? null,
      }
    },
    'notices:markRead': async ({ ids, read }) => {
      await attention?.notices.markRead(ids, read)
      return {}
    },
    'notices:clear': async ({ ids }) => {
      await attention?.notices.clear(ids)
      return {}
    },
    'notices:watch': async ({ workspaceId, runId, on }) => {
      const { store } = workspaces().session(workspaceId)
      const run = store.get(runId)
      if (!run) throw new RundeskError('not_found', `There is no run ${runId} here that can be watched.`)
      if (!on) await attention?.notices.unwatch(workspaceId, [runId])
      else {
        const { status } = run.view
        if (status !== 'running' && status !== 'pending')
          throw new RundeskError('refused', `Run ${runId} has ended already: it is ${status}.`)
        await attention?.watch({ workspaceId, runId }, true)
      }
      return { watched: attention?.notices.watched(workspaceId).has(runId) ?? false }
    },
    'notices:watched': async ({ workspaceId, runId }) => ({
      watched: attention?.notices.watched(workspaceId).has(runId) ?? false,
    }),
  }
}
