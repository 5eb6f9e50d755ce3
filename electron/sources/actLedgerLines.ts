import { z } from 'zod'
import { sourceBulkActs, sourceBulkOutcomes, sourceBulkWays } from '../../shared/sourceBulk'

const of = { id: z.string(), at: z.string() }

/** A run of a bulk act with what was seen of it. */
const frozenRunSchema = z.object({
  runId: z.string(),
  workflowName: z.string(),
  version: z.string(),
  way: z.enum(sourceBulkWays),
  reason: z.string().nullable(),
})
export type FrozenRun = z.output<typeof frozenRunSchema>

/** A line of the ledger of bulk acts on the runs of sources (docs/architecture.md, "Sources"). */
const actLedgerLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('begin'),
    version: z.literal(1),
    ...of,
    act: z.enum(sourceBulkActs),
    sourceId: z.string(),
    sourceName: z.string(),
    by: z.string(),
    reason: z.string().nullable(),
    confirmed: z.boolean(),
    runs: z.array(frozenRunSchema),
  }),
  /** Synced before the act: who comes after a crash looks at the run before doing it again. */
  z.object({ kind: z.literal('begun'), ...of, runId: z.string() }),
  z.object({
    kind: z.literal('outcome'),
    ...of,
    runId: z.string(),
    outcome: z.enum(sourceBulkOutcomes),
    detail: z.string().nullable(),
  }),
  z.object({ kind: z.literal('end'), ...of, stopped: z.string().nullable() }),
])
export type ActLedgerLine = z.output<typeof actLedgerLineSchema>

/** Undefined for a line that is not of this ledger, or of a newer Rundesk. */
export function parseActLedgerLine(text: string): ActLedgerLine | undefined {
  try {
    return actLedgerLineSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
