import { z } from 'zod'
import { actChoiceSchema, actResultSchema, sourcePlanSchema } from './sourceActs'
import { sourceIdSchema } from './sourceId'
import {
  payloadParts,
  sourceAskSchema,
  sourcePayloadSchema,
  sourceRunDetailSchema,
  sourceRunPageSchema,
  sourceRunQuerySchema,
  sourceStepPageSchema,
} from './sourceRuns'
import { connectionSchema, sourceDraftSchema, sourceNameSchema, sourceSchema, sourceSecretsSchema } from './sources'

const none = z.object({})
const runId = z.string().min(1).max(1024)
const sourceRef = z.object({ sourceId: sourceIdSchema })
const runRef = sourceRef.extend({ runId })
/** What asks: another question of the same asker on the same channel ends this one, which then fails as `changed`. */
const asker = z.string().max(64).optional()
const version = z.string().max(4096)

/** What somebody looks at: the runs of a source, or one run of it. */
export const watchedSchema = z.discriminatedUnion('kind', [
  sourceAskSchema.extend({ kind: z.literal('runs') }),
  z.object({ kind: z.literal('run'), runId }),
])
export type Watched = z.output<typeof watchedSchema>

/** A watch counts for so long: who still looks says so again before. */
export const watchForMs = 60_000

export const sourceChannels = {
  /** The workspaces and the saved sources, as they are known: nothing is connected for it. */
  'sources:list': {
    input: none,
    output: z.object({
      sources: z.array(sourceSchema),
      trouble: z.string().nullable(),
      keychain: z.string().nullable(),
    }),
  },
  /** Throws `refused` for a name that another source has, or a keychain that cannot keep a secret. Connects to nothing. */
  'sources:add': {
    input: z.object({ draft: sourceDraftSchema, secrets: sourceSecretsSchema.default({}) }),
    output: z.object({ source: sourceSchema }),
  },
  /** Changes the name or the connections of a saved source. A `writing` of null takes the right to act away. */
  'sources:change': {
    input: sourceRef.extend({
      name: sourceNameSchema.optional(),
      reading: connectionSchema.optional(),
      writing: connectionSchema.nullable().optional(),
      secrets: sourceSecretsSchema.default({}),
    }),
    output: z.object({ source: sourceSchema }),
  },
  /** Forgets a saved source and its passwords. Nothing at the server changes. */
  'sources:remove': { input: sourceRef, output: none },
  /** Connects now, with both connections, and tells what came of it. */
  'sources:check': { input: sourceRef, output: z.object({ source: sourceSchema }) },
  /** As `sources:check` for what is not saved. */
  'sources:try': {
    input: z.object({ draft: sourceDraftSchema, secrets: sourceSecretsSchema.default({}) }),
    output: z.object({ source: sourceSchema }),
  },
  'sources:runs': { input: sourceRef.extend({ ...sourceRunQuerySchema.shape, asker }), output: sourceRunPageSchema },
  /** `run` is null when there is none, or none any more. */
  'sources:run': { input: runRef.extend({ asker }), output: z.object({ run: sourceRunDetailSchema.nullable() }) },
  /** Steps of a run in their order; `page` is null when the run is gone. */
  'sources:steps': {
    input: runRef.extend({
      offset: z.number().int().min(0).max(10_000_000),
      limit: z.number().int().min(1).max(500),
      asker,
    }),
    output: z.object({ page: sourceStepPageSchema.nullable() }),
  },
  /** A value of the run, or of one of its steps; `payload` is null when the run or the step is gone. */
  'sources:payload': {
    input: runRef.extend({
      stepId: z.string().max(1024).nullable(),
      part: z.enum(payloadParts),
      maxBytes: z
        .number()
        .int()
        .min(0)
        .max(16 * 1024 * 1024)
        .default(64 * 1024),
      asker,
    }),
    output: z.object({ payload: sourcePayloadSchema.nullable() }),
  },
  /** What an act would do. Changes nothing. */
  'sources:planAct': { input: runRef.extend(actChoiceSchema.shape), output: sourcePlanSchema },
  /**
   * Acts on the run if it still has the `version` that was seen, reads it again, and tells what became of it. Throws
   * `refused` with the rule's reason, `needs_confirmation` with its question.
   */
  'sources:act': {
    acts: true,
    input: runRef.extend({
      ...actChoiceSchema.shape,
      version,
      confirmed: z.boolean(),
      reason: z.string().max(2000).optional(),
    }),
    output: actResultSchema,
  },
  /**
   * Tells what an asker looks at, for `watchForMs`; null when it looks at nothing any more, which also ends what it asked.
   * While nobody looks, nothing is asked of the source.
   */
  'sources:watch': {
    input: sourceRef.extend({ asker: z.string().min(1).max(64), watched: watchedSchema.nullable() }),
    output: none,
  },
} as const

export const sourceEvents = {
  /** The list of sources, or the state of one of them, changed. */
  'sources:changed': none,
  /** Runs of a source changed that somebody looks at. */
  'sources:runsChanged': z.object({ sourceId: z.string(), revision: z.number() }),
  'sources:operationChanged': z.object({ operationId: z.string() }),
} as const
