import type { Handlers, TrajectoryRow } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { Trajectory } from '../../shared/trajectories'
import { createBreath } from '../trajectories/breath'
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
        rows: rows.slice(offset, offset + limit),
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
        trajectories: await matching(sessions, { search }),
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

/** The trajectories that fit, newest first. */
async function matching(
  sessions: readonly Session[],
  { runId, search = '' }: { readonly runId?: string | undefined; readonly search?: string | undefined },
): Promise<TrajectoryRow[]> {
  const wanted = search.trim().toLowerCase()
  const breathe = createBreath()
  const rows: TrajectoryRow[] = []
  for (const { folder, trajectories } of sessions) {
    for (const one of trajectories.list()) {
      await breathe()
      if (runId !== undefined && one.runId !== runId) continue
      if (wanted !== '' && ![one.title, one.id, one.runId ?? '', one.status, ...one.agents, ...one.tags].some(holds))
        continue
      rows.push({ ...one, workspaceId: folder.id })
    }
  }
  return sessions.length > 1 ? rows.sort(newestFirst) : rows

  function holds(text: string): boolean {
    return text.toLowerCase().includes(wanted)
  }
}

function newestFirst(left: TrajectoryRow, right: TrajectoryRow): number {
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
