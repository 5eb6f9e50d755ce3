import { z } from 'zod'
import { readWhole } from './smallFiles'

const text = z.string().optional().catch(undefined)
const schema = z.looseObject({
  commandId: text,
  contentType: text,
  expectedRevision: text,
  hash: text,
  opId: text,
  type: text,
  mode: z.number().optional().catch(undefined),
})

/** What sending needs of an outbox record, without its content. */
export interface OutboxDocument {
  readonly commandId: string | null
  readonly contentType: string | null
  readonly expectedRevision: string | null
  readonly hash: string | null
  readonly opId: string | null
  /** What the daemon says of the file besides, as it stands there. */
  readonly extra: Readonly<Record<string, unknown>>
}

/** Reads an outbox record anew; undefined when it is gone or no record any more. */
export async function readOutboxDocument(path: string): Promise<OutboxDocument | undefined> {
  try {
    const { commandId, contentType, expectedRevision, hash, opId, type, mode } = schema.parse(
      JSON.parse((await readWhole(path)).toString('utf8')),
    )
    return {
      commandId: commandId || null,
      contentType: contentType || null,
      expectedRevision: expectedRevision || null,
      hash: hash || null,
      opId: opId || null,
      extra: { ...(type === undefined ? {} : { type }), ...(mode === undefined ? {} : { mode }) },
    }
  } catch {
    return undefined
  }
}
