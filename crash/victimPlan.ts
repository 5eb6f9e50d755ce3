import { z } from 'zod'

/** What a victim is to do, and where it is to die. */
export const planSchema = z.object({
  scenario: z.string(),
  dir: z.string(),
  /** Unique among all victims of the folder. */
  life: z.string(),
  /** How many changes; null: until it is killed from outside, with nothing between it and the disk. */
  changes: z.number().nullable(),
  /** The disk call, from 0, that kills it, and how much of a write still reaches the file. */
  dieAt: z.object({ point: z.number(), after: z.enum(['nothing', 'half', 'all but a byte']) }).nullable(),
})
export type Plan = z.infer<typeof planSchema>
