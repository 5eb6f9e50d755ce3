import { z } from 'zod'
import { stepSchema } from './runs'

/** `stored`: as the steps were written. `unfinished`: what runs or waits stands on top of what has ended. */
export const timelineOrders = ['stored', 'unfinished'] as const

/** Which steps of a run a timeline shows. Times are in ms. */
export const timelineQuerySchema = z.object({
  /** Only steps that failed, or of which an attempt did. */
  errorsOnly: z.boolean().default(false),
  order: z.enum(timelineOrders).default('stored'),
  /** A part of the step's name. */
  search: z.string().max(1000).default(''),
  /** Only steps that waited or ran in this time. */
  fromMs: z.number().nullable().default(null),
  toMs: z.number().nullable().default(null),
  /** Of this step it is told where it stands. */
  stepId: z.string().max(1024).nullable().default(null),
})
export type TimelineQuery = z.output<typeof timelineQuerySchema>

export const timelineRowSchema = stepSchema.extend({
  /** When nothing was left that it had to wait for, in ms; null where that is not known. */
  readyMs: z.number().nullable(),
})
/** A step of a timeline, without its output. */
export type TimelineRow = z.infer<typeof timelineRowSchema>

const span = z.tuple([z.number(), z.number()])

export const timelineSchema = z.object({
  rows: z.array(timelineRowSchema),
  /** How many steps match. */
  total: z.number().int(),
  /** Where the asked step stands among them; -1 when it does not. */
  at: z.number().int(),
  /** How many of all steps have an error. */
  errors: z.number().int(),
  /** From the first start of a step, or its wait, to the last end, or to now; null while none has begun. */
  span: span.nullable(),
  /** Long times in which no attempt ran, in order. */
  idle: z.array(span),
  /** The span in equal parts: how many attempts ran in each, and how many failed. */
  parts: z.object({ running: z.array(z.number()), failed: z.array(z.number()) }),
  /** False while the lines of a large run are still being read: statuses and counts are right, times are not there yet. */
  complete: z.boolean(),
})
/** Steps of a run on one scale of time. */
export type Timeline = z.infer<typeof timelineSchema>
