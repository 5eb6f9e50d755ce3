import { z } from 'zod'
import { bulkPlanSchema, itemOutcomes, operationActs } from '../../shared/operations'

const of = { id: z.string(), at: z.string() }
const ofItem = { ...of, key: z.string() }
const chosenSchema = z.array(z.object({ key: z.string(), path: z.string().nullable(), version: z.string() }))
export const movedSchema = z.object({ from: z.string(), to: z.string() })
export type MovedFile = z.infer<typeof movedSchema>

/** Written and synced before an act on an item: who comes after a crash looks at what became of it before doing it again. */
export const claimSchema = z.discriminatedUnion('kind', [
  /** An outbox record is about to be re-armed. */
  z.object({ kind: z.literal('arming'), ...ofItem, commandFile: z.string() }),
  /** Content with this hash is about to be sent under this identity, onto this revision. */
  z.object({
    kind: z.literal('sending'),
    ...ofItem,
    identity: z.object({ kind: z.string(), key: z.string() }),
    hash: z.string(),
    ifMatch: z.string(),
  }),
  /** An operation of the server, last changed at that time, is about to be replayed. */
  z.object({ kind: z.literal('replaying'), ...ofItem, opId: z.string(), opUpdatedAt: z.string().nullable() }),
  /** Files are about to be moved to the trash, or back. */
  z.object({ kind: z.literal('moving'), ...ofItem, moved: z.array(movedSchema) }),
  /** The local file is about to become this content; `backup` holds what was there. */
  z.object({ kind: z.literal('writing'), ...ofItem, hash: z.string(), backup: z.string().nullable() }),
])
export type LedgerClaim = z.output<typeof claimSchema>

/** A line of a mount's ledger (docs/formats-writebacks.md, "Ledger"). */
export const ledgerLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('begin'),
    version: z.literal(1),
    ...of,
    act: z.enum(operationActs),
    by: z.string(),
    reason: z.string().nullable(),
    items: chosenSchema,
    /** How many items there are with those of the `items` lines behind it: with fewer it never began. */
    total: z.number().int().optional(),
    plan: bulkPlanSchema.optional(),
    waitSeconds: z.number().optional(),
    undoes: z.string().optional(),
  }),
  z.object({ kind: z.literal('items'), ...of, items: chosenSchema }),
  ...claimSchema.options,
  z.object({
    kind: z.literal('outcome'),
    ...ofItem,
    outcome: z.enum(itemOutcomes),
    detail: z.string(),
    /** Evidence that lies in the trash, or is on its way there. */
    moved: z.array(movedSchema).default([]),
    /** The server's operation, while its end is awaited. */
    opId: z.string().optional(),
  }),
  /** What became of all items that have no outcome yet. */
  z.object({ kind: z.literal('rest'), ...of, outcome: z.enum(itemOutcomes), detail: z.string() }),
  /** What a person wants of a running operation; whoever runs it obeys. */
  z.object({
    kind: z.literal('control'),
    ...of,
    by: z.string(),
    want: z.enum(['pause', 'resume', 'abort']),
    why: z.string().nullable(),
  }),
  z.object({ kind: z.literal('end'), ...of, stopped: z.string().nullable().default(null) }),
])
export type LedgerLine = z.input<typeof ledgerLineSchema>
export type ReadLedgerLine = z.output<typeof ledgerLineSchema>

/** A line of our own as it would be read back. Undefined for the kinds that are rare enough to be really read. */
export function asRead(line: LedgerLine): ReadLedgerLine | undefined {
  switch (line.kind) {
    case 'outcome':
      return { ...line, moved: line.moved ?? [] }
    case 'begin':
      return { ...line, plan: line.plan && bulkPlanSchema.parse(line.plan) }
    case 'items':
    case 'sending':
    case 'arming':
      return line
    default:
      return undefined
  }
}

/** Undefined for what is no line of a ledger. */
export function parseLedgerLine(text: string): ReadLedgerLine | undefined {
  try {
    return ledgerLineSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

const itemsPerLine = 500

/** The lines that begin an operation; large sets are split, so that no line is large. */
export function beginLines(
  begin: Omit<Extract<LedgerLine, { kind: 'begin' }>, 'kind' | 'version' | 'total'>,
): readonly LedgerLine[] {
  const { items, ...head } = begin
  const lines: LedgerLine[] = [
    { kind: 'begin', version: 1, ...head, total: items.length, items: items.slice(0, itemsPerLine) },
  ]
  for (let at = itemsPerLine; at < items.length; at += itemsPerLine)
    lines.push({ kind: 'items', id: begin.id, at: begin.at, items: items.slice(at, at + itemsPerLine) })
  return lines
}
