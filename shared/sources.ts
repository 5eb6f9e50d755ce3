import { z } from 'zod'
import { sourceFilters, sourceViews } from './sourceFilters'
import { sourceIdSchema } from './sourceId'

/** The engines whose runs Rundesk shows: the files of a workspace, or DBOS workflows in PostgreSQL. */
export const sourceKinds = ['relay', 'dbos'] as const

/** Why a source cannot be asked. Stable: the window and scripts tell them apart by these. */
export const sourceTroubles = [
  'no-credentials',
  'unknown-host',
  'unreachable',
  'refused',
  'timed-out',
  'tls',
  'wrong-password',
  'wrong-database',
  'missing-schema',
  'schema-too-old',
  'schema-too-new',
  'no-rights',
  'lost',
  'unreadable',
] as const
export type SourceTrouble = (typeof sourceTroubles)[number]

/** `unopened`: nobody looked at it yet, so nothing was connected. */
export const sourceStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unopened') }),
  z.object({ kind: z.literal('connecting'), since: z.string() }),
  z.object({ kind: z.literal('ready'), since: z.string() }),
  z.object({
    kind: z.literal('trouble'),
    code: z.enum(sourceTroubles),
    /** What happened, to what, and what to do. */
    message: z.string(),
    since: z.string(),
    /** When it is tried again by itself; null when only a person can mend it. */
    retryAt: z.string().nullable(),
  }),
])
export type SourceState = z.infer<typeof sourceStateSchema>

const environmentName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of an environment variable')
const serverText = z.string().min(1).max(255)

/** How the connection to a server is secured, in the words of PostgreSQL. */
export const tlsModes = ['disable', 'require', 'verify-full'] as const

/** Where the password of a connection comes from. `none`: the server asks for none. */
export const passwordPlaces = ['none', 'pgpass', 'keychain'] as const

/** How a server is reached. It never holds a password. */
export const connectionSchema = z.discriminatedUnion('from', [
  /** The URL stands in an environment variable of the process. */
  z.object({ from: z.literal('environment'), variable: environmentName }),
  /** A service of `pg_service.conf`. */
  z.object({ from: z.literal('service'), service: serverText }),
  z.object({
    from: z.literal('server'),
    host: serverText,
    port: z.number().int().min(1).max(65_535).default(5432),
    database: serverText,
    user: serverText,
    tls: z.enum(tlsModes).default('require'),
    password: z.enum(passwordPlaces),
  }),
])
export type Connection = z.output<typeof connectionSchema>

export const sourceNameSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cf}\s](.*[^\p{Cc}\p{Cf}\s])?$/u, 'must not begin or end with a space or hold control characters')

/** A source that a person adds: what is read with it, and, where acts are wanted, what is written with. */
export const sourceDraftSchema = z.object({
  name: sourceNameSchema,
  kind: z.literal('dbos'),
  /** The schema of the engine's tables. */
  schema: serverText.default('dbos'),
  reading: connectionSchema,
  writing: connectionSchema.nullable().default(null),
})

/** Passwords for the system's keychain, for connections that take theirs from there. They are stored nowhere else. */
export const sourceSecretsSchema = z.object({
  reading: z.string().min(1).max(4096).optional(),
  writing: z.string().min(1).max(4096).optional(),
})
export type SourceSecrets = z.infer<typeof sourceSecretsSchema>

/** A source as `sources.json` of the data folder keeps it. */
export const savedSourceSchema = sourceDraftSchema.extend({ id: sourceIdSchema })
export type SavedSource = z.output<typeof savedSourceSchema>

/** What an engine can tell at all. What it cannot is said, not made up. */
export const sourceKnowledgeSchema = z.object({
  /** Each try of a step by itself. */
  attempts: z.boolean(),
  /** Which step runs now. */
  runningStep: z.boolean(),
  logs: z.boolean(),
  /** How many runs there are under a filter. */
  totals: z.boolean(),
  /** Which step waits for which. */
  dependencies: z.boolean(),
})

export const sourceSchema = z.object({
  id: sourceIdSchema,
  name: z.string(),
  kind: z.enum(sourceKinds),
  /** A folder, or `host:port/database`, without secrets. */
  where: z.string(),
  state: sourceStateSchema,
  /** `read`: acts need a second, writing connection. */
  access: z.enum(['read', 'write']),
  /** What is known of the engine, such as the version of its schema; null before it was asked. */
  engine: z.object({ version: z.string(), schema: z.string().nullable() }).nullable(),
  knows: sourceKnowledgeSchema,
  /** The engine's own words for the status of a run. */
  statuses: z.array(z.string()),
  /** What can be asked of its list of runs; anything else throws `not_supported`. */
  views: z.array(z.enum(sourceViews)),
  filters: z.array(z.enum(sourceFilters)),
  /** How it is reached, for who changes that; null for a workspace. */
  connections: z.object({ reading: connectionSchema, writing: connectionSchema.nullable() }).nullable(),
  revision: z.number().int(),
})
/** A source as lists of sources show it. */
export type Source = z.infer<typeof sourceSchema>
