import type { Handlers } from '../../shared/contract'
import type { RunAsk } from '../../shared/runList'
import type { Loading } from '../runs/loadRuns'
import { createBulkCancel } from './bulkCancel'
import { checkStatus, checkWorkflow } from './checkStatus'
import { createNewestQuestions } from './newestQuestions'
import type { ListContext } from './runFacts'
import { glanceAt } from './runGlances'
import { failureGroups, workflowGroups } from './runGroups'
import type { RunList } from './runList'
import { createRunLists } from './runLists'
import { showRuns } from './runRows'
import type { Session } from './session'
import type { Workspaces } from './workspaces'

type RunListHandlers = Pick<
  Handlers,
  | 'runs:query'
  | 'runs:glance'
  | 'runs:list'
  | 'runs:failures'
  | 'runs:workflows'
  | 'runs:previewCancel'
  | 'runs:cancelAll'
  | 'runs:bulk'
  | 'runs:stopBulk'
>

/** The handlers about lists of runs, and what ends the work that they began. `staleAfterMs` is asked each time, so that a changed setting counts at once. */
export function createRunListHandlers({
  workspaces,
  staleAfterMs,
  cancel,
  onBulkChange,
}: {
  readonly workspaces: Workspaces
  readonly staleAfterMs: () => number
  /** Cancels one run. */
  readonly cancel: Handlers['runs:cancel']
  readonly onBulkChange: (setId: string) => void
}): { readonly handlers: RunListHandlers; readonly close: () => Promise<void> } {
  const lists = createRunLists()
  const newest = createNewestQuestions()
  const chosen = (workspaceId: string | null): readonly Session[] =>
    workspaceId === null ? workspaces.sessions() : [workspaces.session(workspaceId)]
  const context = (): ListContext => ({ nowMs: Date.now(), staleAfterMs: staleAfterMs() })

  const grouped = async ({ workspaceId, ...query }: RunAsk): Promise<readonly [RunList, ListContext]> => {
    const at = context()
    return [await lists.list(chosen(workspaceId), query, at), at]
  }

  const bulk = createBulkCancel({ workspaces, lists, context, cancel, onChange: onBulkChange })
  const handlers: RunListHandlers = {
    ...bulk.handlers,
    'runs:failures': async ({ limit, ...ask }) => {
      const groups = await failureGroups(...(await grouped(ask)))
      return { groups: groups.slice(0, limit), total: groups.length }
    },
    'runs:workflows': async ({ limit, ...ask }) => {
      const groups = await workflowGroups(...(await grouped(ask)))
      return { groups: groups.slice(0, limit), total: groups.length }
    },
    'runs:query': async ({ workspaceId, offset, limit, asker, ...query }) => {
      const sessions = chosen(workspaceId)
      const at = context()
      const { order: _order, ...question } = query
      const answer = await newest(asker, JSON.stringify([workspaceId, question]), (signal) =>
        lists.ask(sessions, { ...query, signal }, at),
      )
      const held = lists.slice(answer.shown, offset, offset + limit)
      const { now, shown, newRows, goneRows } = held
        ? answer
        : { now: answer.now, shown: answer.now, newRows: 0, goneRows: 0 }
      return {
        rows: await showRuns(held ?? lists.slice(now, offset, offset + limit) ?? [], at),
        total: shown.total,
        counts: now.counts,
        facets: now.facets,
        order: shown.id,
        newRows,
        goneRows,
        revision: revisionOf(sessions),
        loading: loadingOf(sessions),
      }
    },
    'runs:glance': ({ order, offset, limit }) => glanceAt(lists.get(order), offset, offset + limit),
    'runs:list': async ({ status, search, where, sort, limit }) => {
      const sessions = workspaces.sessions()
      await Promise.all(sessions.map((session) => session.ready))
      await Promise.all(sessions.map((session) => session.store.checked()))
      const at = context()
      const statuses = status === undefined ? {} : { statuses: [status] }
      const list = await lists.list(sessions, { filter: 'all', search, where: { ...where, ...statuses }, sort }, at)
      const { total } = list
      const unreadable = sessions.some((session) => session.store.trouble() !== null)
      if (total === 0 && !unreadable) {
        if (status !== undefined) checkStatus(sessions, status)
        for (const workflow of where?.workflows ?? []) checkWorkflow(sessions, workflow)
      }
      return {
        runs: await showRuns(lists.slice(list, 0, limit ?? total) ?? [], at),
        total,
        problems: sessions.flatMap((session) => [...session.store.problems()]),
        unreadable,
      }
    },
  }
  return { handlers, close: bulk.close }
}

function revisionOf(sessions: readonly Session[]): number {
  return sessions.reduce((sum, session) => sum + session.store.revision(), 0)
}

function loadingOf(sessions: readonly Session[]): Loading | null {
  const going = sessions.flatMap((session) => session.store.loading() ?? [])
  if (going.length === 0) return null
  return {
    doneBytes: going.reduce((sum, { doneBytes }) => sum + doneBytes, 0),
    totalBytes: going.reduce((sum, { totalBytes }) => sum + totalBytes, 0),
    stopped: going.every(({ stopped }) => stopped),
  }
}
