import { endingChapter, planningChapter, stepChapters } from './runChapters'
import { toRetrospective } from './runRetrospective'
import { msOf, narrator, type RunStory, shortHash, toUtc } from './runStory'
import type { TrajectoryDocument } from './trajectoryDocument'

const maxTitle = 500
/** Every other status may still go on. */
const endStatuses: readonly string[] = ['completed', 'failed', 'cancelled']

/** The id of a run's trajectory: the same in every process and at every save. */
export function runTrajectoryId(run: Pick<RunStory, 'id' | 'startedAt'>): string {
  return `traj_${Math.max(1, msOf(run.startedAt) ?? 1)}_${shortHash(run.id)}`
}

/**
 * The trajectory of a run as far as it went: chapters with what became of each step, the decisions that the runner and
 * people made, and, once it ended, a retrospective. A going run's is `active`, a completed run's `completed`, every
 * other's `abandoned`. All that other tools check holds: times in UTC, positive times of events, no empty text.
 */
export function toRunTrajectory(run: RunStory): TrajectoryDocument {
  const startedAt = toUtc(msOf(run.startedAt) ?? 1)
  const isGoing = !endStatuses.includes(run.status)
  const endMs = msOf(run.completedAt) ?? msOf(run.updatedAt) ?? msOf(run.startedAt) ?? 1
  const completedAt = toUtc(Math.max(endMs, Date.parse(startedAt)))
  const chapters = [planningChapter(run, startedAt), ...stepChapters(run, startedAt)]
  const operator = run.history[0]?.by
  return {
    id: runTrajectoryId(run),
    version: 1,
    task: {
      title: `${run.workflowName || 'workflow'} run #${run.id.slice(0, 8)}`.slice(0, maxTitle),
      source: { system: 'workflow-runner', id: run.id },
    },
    status: isGoing ? 'active' : run.status === 'completed' ? 'completed' : 'abandoned',
    startedAt,
    ...(isGoing ? {} : { completedAt }),
    agents: [
      { name: narrator, role: 'workflow-runner', joinedAt: startedAt, ...(isGoing ? {} : { leftAt: completedAt }) },
      ...(operator ? [{ name: operator, role: 'operator', joinedAt: startedAt }] : []),
    ],
    chapters: isGoing ? chapters : [...chapters, endingChapter(run, completedAt)],
    ...(isGoing
      ? {}
      : { retrospective: toRetrospective(run, chapters, Date.parse(completedAt) - Date.parse(startedAt)) }),
  }
}
