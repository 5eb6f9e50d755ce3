import { z } from 'zod'

/** The id of a workspace, or of a saved source. */
export const sourceIdSchema = z.string().min(1).max(64)
