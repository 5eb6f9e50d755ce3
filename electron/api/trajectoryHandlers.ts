import type { Handlers, TrajectoryRow } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { Trajectory, TrajectorySummary } from '../../shared/trajectories'
import { createBreath } from '../files/breath'
import type { Session } from './session'
import type { Workspaces } from './workspaces'

type TrajectoryHandlers = Pick<
  Handlers,
  'trajectories:query' | 'trajectories:list' | 'trajectories:get' | 'trajectories:reconcile'
>

/** What a window is given of one trajectory: the rest is in the file. */
const maxEvents = 5_000
const maxCharacters = 20_000

/** The handlers about trajectories. */
export function createTrajectoryHandlers(workspaces: Workspaces): TrajectoryHandlers {
  const chosen = (workspaceId: string | null): readonly Session[] =>
    workspaceId === null ? workspaces.sessions() : [workspaces.session(workspaceId)]

  return {
    'trajectories:query': async ({ workspaceId, runId, search, offset, limit }) => {
      const sessions = chosen(workspaceId)
      const rows = await matching(sessions, { runId, search })
      return {
        rows: rows.slice(offset, offset + limit).map(toRow),
        total: rows.length,
        revision: sessions.reduce((sum, session) => sum + session.trajectoriesRevision(), 0),
        loading: sessions.some((session) => session.trajectoriesRevision() === 0),
      }
    },
    'trajectories:list': async ({ search }) => {
      const sessions = workspaces.sessions()
      await Promise.all(sessions.map((session) => session.ready))
      const problems = sessions.flatMap(({ folder, trajectories }) =>
        trajectories.problems().map((problem) => ({ ...problem, workspaceId: folder.id })),
      )
      return {
        trajectories: (await matching(sessions, { search })).map(toRow),
        problems,
        unreadable: problems.some(({ code }) => code.includes('unreadable')),
      }
    },
    'trajectories:get': async ({ workspaceId, trajectoryId, whole }) => {
      for (const { folder, trajectories } of chosen(workspaceId)) {
        const found = await trajectories.get(trajectoryId)
        if (!found) continue
        const { trajectory, cut } = whole ? { trajectory: found, cut: false } : cutDown(found)
        return { trajectory: { ...trajectory, workspaceId: folder.id }, cut }
      }
      throw new RundeskError(
        'not_found',
        `There is no trajectory ${JSON.stringify(trajectoryId)} in these workspaces. List them with: rundesk trajectories`,
      )
    },
    'trajectories:reconcile': async ({ workspaceId }) => {
      const session = workspaces.session(workspaceId)
      const reconciliation = await session.trajectories.reconcile()
      session.trajectoriesChanged()
      return { reconciliation }
    },
  }
}

interface Match {
  readonly summary: TrajectorySummary
  readonly workspaceId: string
}

function toRow({ summary, workspaceId }: Match): TrajectoryRow {
  return { ...summary, workspaceId }
}

/** The trajectories that fit, newest first. */
async function matching(
  sessions: readonly Session[],
  { runId, search = '' }: { readonly runId?: string | undefined; readonly search?: string | undefined },
): Promise<readonly Match[]> {
  const wanted = search.trim().toLowerCase()
  const breathe = createBreath()
  const matches: Match[] = []
  for (const { folder, trajectories } of sessions) {
    for (const summary of trajectories.list()) {
      await breathe()
      if (runId !== undefined && summary.runId !== runId) continue
      if (wanted === '' || holds(summary, wanted)) matches.push({ summary, workspaceId: folder.id })
    }
  }
  return sessions.length > 1 ? matches.sort(newestFirst) : matches
}

function holds({ title, id, runId, status, agents, tags }: TrajectorySummary, wanted: string): boolean {
  return [title, id, runId ?? '', status, ...agents, ...tags].some((text) => text.toLowerCase().includes(wanted))
}

function newestFirst({ summary: left }: Match, { summary: right }: Match): number {
  const [one, other] = [left.startedAt ?? '', right.startedAt ?? '']
  if (one === other) return 0
  return one < other ? 1 : -1
}

/** Cuts long texts and what is beyond the first events. */
function cutDown(trajectory: Trajectory): { readonly trajectory: Trajectory; readonly cut: boolean } {
  let left = maxEvents
  let cut = false
  const chapters = trajectory.chapters.map((chapter) => {
    const events = chapter.events.slice(0, Math.max(0, left)).map((event) => {
      if (event.content.length <= maxCharacters) return event
      cut = true
      return { ...event, content: `${event.content.slice(0, maxCharacters)}…` }
    })
    left -= chapter.events.length
    if (events.length < chapter.events.length) cut = true
    return { ...chapter, events }
  })
  return { trajectory: { ...trajectory, chapters }, cut }
}
