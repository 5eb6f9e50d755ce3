import { z } from 'zod'

/** The most important first; a level keeps itself and what stands before it. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

/** One line of Rundesk's own log, as it stands in the file. */
export const logLineSchema = z.object({
  time: z.string(),
  level: z.enum(logLevels),
  /** Which part of Rundesk tells it: `app`, `acts`, `requests`, `runs`, `problems`, `settings`, `updates`, `window`. */
  part: z.string(),
  message: z.string(),
  /** Which process. */
  pid: z.number().int(),
  /** Ids, codes, counts and durations. */
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
})
export type LogLine = z.infer<typeof logLineSchema>
export type LogFields = NonNullable<LogLine['fields']>
