import { z } from 'zod'
import { runGroupings } from './runGroups'
import { runAskSchema } from './runList'

/** What a view of the list of runs shows. */
export const runViewAskSchema = runAskSchema.omit({ workspaceId: true }).extend({
  group: z.enum(runGroupings).optional(),
})
export type RunViewAsk = z.infer<typeof runViewAskSchema>

const name = z.string().trim().min(1).max(80)

/** A view of the list of runs that a person saved under a name of its own. */
export const runViewSchema = z.object({ id: z.string().max(64), name, ask: runViewAskSchema })
export type RunView = z.infer<typeof runViewSchema>

export const runViewsSchema = z.object({
  views: z.array(runViewSchema),
  /** Why the file of saved views cannot be read; null when it can. */
  trouble: z.string().nullable(),
})

export const runViewChannels = {
  'views:list': { input: z.object({}), output: runViewsSchema },
  /** Saves a view, or with an `id` gives that one another name, or another question. */
  'views:save': {
    input: z.object({ id: z.string().max(64).optional(), name, ask: runViewAskSchema }),
    output: z.object({ view: runViewSchema }),
  },
  'views:remove': { input: z.object({ id: z.string().max(64) }), output: z.object({}) },
} as const

/** The views that everybody has. */
export const builtInViews: readonly RunView[] = [
  { id: 'running', name: 'Running', ask: { filter: 'running' } },
  { id: 'needs-you', name: 'Needs you', ask: { filter: 'needs-you' } },
  { id: 'failed-today', name: 'Failed today', ask: { filter: 'failed', where: { within: 'today' } } },
  { id: 'orphaned', name: 'Orphaned', ask: { filter: 'orphaned' } },
  { id: 'slowest', name: 'Slowest', ask: { filter: 'all', sort: { by: 'duration', ascending: false } } },
]
