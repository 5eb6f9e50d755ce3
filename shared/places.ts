import { z } from 'zod'
import { boundedRecord } from './boundedRecord'

/** What somebody wants to see: a link (shared/links.ts), or the path of a folder or of a file of runs. */
export const targetSchema = z.string().min(1).max(4096)

/** A place in the window: its address behind `#`. */
export const placeSchema = z.object({ hash: z.string().max(8192) })

/** Where the dividers of a window stand, in percent by name. */
export const layoutSchema = z.object({
  splits: boundedRecord(z.number().min(0).max(100), { most: 100, keyLength: 64 }),
})
export type Layout = z.infer<typeof layoutSchema>
