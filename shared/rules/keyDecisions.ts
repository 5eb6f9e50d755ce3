import type { Decision, Trajectory } from '../trajectories'

/** The decisions of a trajectory, each once: a retrospective tells those of the chapters again. */
export function keyDecisions({
  chapters,
  retrospective,
}: Pick<Trajectory, 'chapters' | 'retrospective'>): readonly Decision[] {
  const ofEvents = chapters.flatMap(({ events }) => events.flatMap(({ decision }) => (decision ? [decision] : [])))
  const all = [...ofEvents, ...(retrospective?.decisions ?? [])]
  const byWords = new Map(all.map((decision) => [JSON.stringify([decision.question, decision.chosen]), decision]))
  return [...byWords.values()]
}
