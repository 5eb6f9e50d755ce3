import { z } from 'zod'
import { historyEntrySchema } from './runs'

/**
 * Something that happened to a run as a whole. `end`: it came to the `status`. `by` is null for what another program
 * did: the file tells that it was done, not by whom.
 */
export const runEventSchema = historyEntrySchema.extend({
  act: z.enum([...historyEntrySchema.shape.act.options, 'end']),
  at: z.string().nullable(),
  by: z.string().nullable(),
  status: z.string().optional(),
})
export type RunEvent = z.infer<typeof runEventSchema>
