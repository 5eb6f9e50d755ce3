import { z } from 'zod'

/** Nothing is asked of any server; a person is told; or it is also downloaded, and installed when Rundesk ends. */
export const updateChoices = ['off', 'notify', 'automatic'] as const

/** Where it stands with a newer Rundesk. */
export const updateStateSchema = z.object({
  /** What runs now. */
  version: z.string(),
  /** Why this Rundesk never looks for a newer one; null where it does. */
  unavailable: z.string().nullable(),
  phase: z.enum(['unknown', 'checking', 'current', 'available', 'downloading', 'ready', 'installing']),
  /** The newer one, from `available` on. */
  newVersion: z.string().nullable(),
  /** How much of it was downloaded. */
  percent: z.number().nullable(),
  /** When the server was last asked, and answered. */
  checkedAt: z.string().nullable(),
  /** What went wrong the last time; null when nothing did. */
  trouble: z.string().nullable(),
  /** How to get it, in a package that cannot replace itself; null where Rundesk installs it. */
  byHand: z.string().nullable(),
  /** Why it is not installed now; null when it could be. */
  waitsFor: z.string().nullable(),
})
export type UpdateState = z.infer<typeof updateStateSchema>
