import { z } from 'zod'

const text = z.string()
const time = z.string().nullable()

/** In which part of the folder a record lies. */
export const trajectoryPlaces = ['active', 'completed', 'compacted', 'invalid', 'quarantine', 'elsewhere'] as const
export type TrajectoryPlace = (typeof trajectoryPlaces)[number]

export const trajectorySummarySchema = z.object({
  id: text,
  /** `compacted`: made out of several trajectories, which it stands for. */
  kind: z.enum(['trajectory', 'compacted']),
  title: text,
  /** The file's own word: `active`, `completed`, `abandoned`, or any other; `unreadable` when the file tells nothing. */
  status: text,
  startedAt: time,
  completedAt: time,
  place: z.enum(trajectoryPlaces),
  /** The whole path of the file. */
  path: text,
  /** The workflow run that it tells of; null when it tells of something else. */
  runId: text.nullable(),
  agents: z.array(text),
  chapterCount: z.number().int(),
  eventCount: z.number().int(),
  decisionCount: z.number().int(),
  tags: z.array(text),
  /** The compacted record that stands for this one. */
  compactedInto: text.nullable(),
  /** How many of its fields could not be read as what they should be. */
  problemCount: z.number().int(),
})
/** A trajectory as lists show it. */
export type TrajectorySummary = z.infer<typeof trajectorySummarySchema>

export const decisionSchema = z.object({
  question: text,
  chosen: text,
  alternatives: z.array(z.object({ option: text, reason: text.nullable() })),
  reasoning: text,
  confidence: z.number().nullable(),
})
export type Decision = z.infer<typeof decisionSchema>

export const trajectoryEventSchema = z.object({
  at: time,
  type: text,
  content: text,
  significance: text.nullable(),
  tags: z.array(text),
  confidence: z.number().nullable(),
  decision: decisionSchema.nullable(),
})
export type TrajectoryEvent = z.infer<typeof trajectoryEventSchema>

export const chapterSchema = z.object({
  id: text,
  title: text,
  agentName: text,
  startedAt: time,
  endedAt: time,
  events: z.array(trajectoryEventSchema),
})
export type Chapter = z.infer<typeof chapterSchema>

export const retrospectiveSchema = z.object({
  summary: text,
  approach: text,
  confidence: z.number().nullable(),
  decisions: z.array(decisionSchema),
  challenges: z.array(text),
  learnings: z.array(text),
  suggestions: z.array(text),
  timeSpent: text.nullable(),
})
export type Retrospective = z.infer<typeof retrospectiveSchema>

export const trajectoryContentSchema = z.object({
  description: text.nullable(),
  source: z.object({ system: text, id: text, url: text.nullable() }).nullable(),
  participants: z.array(z.object({ name: text, role: text, joinedAt: time, leftAt: time })),
  chapters: z.array(chapterSchema),
  retrospective: retrospectiveSchema.nullable(),
  commits: z.array(text),
  filesChanged: z.array(text),
  projectId: text.nullable(),
  workflowId: text.nullable(),
  /** The ids that a compacted record stands for. */
  sources: z.array(text),
  /** What could not be read as it should be, each with its field. */
  problems: z.array(z.object({ field: text, message: text })),
})
/** What a trajectory holds besides its summary. */
export type TrajectoryContent = z.infer<typeof trajectoryContentSchema>

export const trajectorySchema = trajectorySummarySchema.extend(trajectoryContentSchema.shape)
/** A trajectory with everything that is shown of it. */
export type Trajectory = z.infer<typeof trajectorySchema>

export const reconciliationSchema = z.object({
  /** Records that were looked at. */
  scanned: z.number().int(),
  added: z.number().int(),
  corrected: z.number().int(),
  dropped: z.number().int(),
  unchanged: z.number().int(),
  /** Where a malformed index was kept; null when it was not malformed. */
  keptAside: text.nullable(),
  failures: z.array(z.object({ path: text, message: text })),
})
/** What bringing the index in step with the files did. */
export type Reconciliation = z.infer<typeof reconciliationSchema>
