import type { TrajectoryContent, TrajectorySummary } from '../../shared/trajectories'

/** What a file tells of itself, without where it lies and what others tell of it. */
export type Reading = Omit<TrajectorySummary, 'place' | 'path' | 'compactedInto'> & TrajectoryContent
