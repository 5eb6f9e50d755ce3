import type { BoundedPool } from './boundedPool'
import { knownSchema } from './knownSchema'
import { sourceTrouble } from './pgTrouble'
import { quoted } from './quoted'

export interface DatabaseFacts {
  /** "PostgreSQL 15.18". */
  readonly server: string
  readonly schemaVersion: number
  /** May the user of this connection change runs? */
  readonly mayWrite: boolean
  /** What works, but a person should know; null where there is nothing. */
  readonly note: string | null
}

const question = `
  select version() as server,
    has_database_privilege(current_database(), 'connect') as connects,
    to_regnamespace(quote_ident($1)) is not null as schema_there,
    to_regnamespace(quote_ident($1)) is not null
      and has_schema_privilege(quote_ident($1), 'usage') as usage,
    coalesce((select bool_and(has_table_privilege(c.oid, 'select')) from pg_class c
      where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relname = any($2)), false) as reads,
    coalesce((select bool_and(has_table_privilege(c.oid, 'insert, update')) from pg_class c
      where c.relnamespace = to_regnamespace(quote_ident($1))
        and c.relname in ('workflow_status', 'operation_outputs')), false) as writes,
    (select count(*)::int from pg_class c
      where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relname = any($2)) as tables`

const tables = ['workflow_status', 'workflow_input', 'workflow_output', 'operation_outputs', 'dbos_migrations'] as const

/**
 * Looks, in bounded time, whether a database can be asked for its workflows: that it is reached, knows the user, holds
 * DBOS's tables in a form that is known, and lets them be read. Throws the trouble in words; changes nothing.
 */
export async function checkDatabase(
  { pool, call }: BoundedPool,
  {
    where,
    user,
    schema,
    signal,
  }: {
    readonly where: string
    readonly user: string
    readonly schema: string
    readonly signal?: AbortSignal | undefined
  },
): Promise<DatabaseFacts> {
  const { rows } = await call(() => pool.query(question, [schema, [...tables]]), { does: 'answer', signal })
  const [facts] = rows as readonly Record<string, unknown>[]
  if (facts?.schema_there !== true || facts.tables === 0)
    throw sourceTrouble(
      'missing-schema',
      `The database ${where} holds no tables of DBOS in the schema ${schema}. Name the system database that the workers use, and its schema.`,
    )
  if (facts.usage !== true || (facts.tables === tables.length && facts.reads !== true))
    throw sourceTrouble(
      'no-rights',
      `${user} may not read the schema ${schema} of ${where}. ${grantHint(schema, user)}`,
    )
  if (facts.tables !== tables.length)
    throw sourceTrouble(
      'schema-too-old',
      `The tables of DBOS in ${where} are older than this Rundesk knows. Bring the workers up to date.`,
    )
  const schemaVersion = await readVersion({ pool, call }, { schema, signal })
  if (schemaVersion < knownSchema.oldest)
    throw sourceTrouble(
      'schema-too-old',
      `The tables of DBOS in ${where} have version ${schemaVersion}; Rundesk knows them from ${knownSchema.oldest} on. Bring the workers up to date.`,
    )
  const note =
    schemaVersion > knownSchema.newest
      ? `The tables of DBOS have version ${schemaVersion}, and Rundesk knows them up to ${knownSchema.newest}: what is new in them is not shown.`
      : null
  return { server: shortVersion(String(facts.server)), schemaVersion, mayWrite: facts.writes === true, note }
}

async function readVersion(
  { pool, call }: Pick<BoundedPool, 'pool' | 'call'>,
  { schema, signal }: { readonly schema: string; readonly signal: AbortSignal | undefined },
): Promise<number> {
  const { rows } = await call(
    () => pool.query(`select max(version)::int as version from ${quoted(schema)}.dbos_migrations`),
    { does: 'tell the version of its tables', signal },
  )
  return Number((rows as readonly Record<string, unknown>[])[0]?.version ?? 0)
}

function grantHint(schema: string, user: string): string {
  return `Whoever owns it can allow it: GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${quoted(user)}; GRANT SELECT ON ALL TABLES IN SCHEMA ${quoted(schema)} TO ${quoted(user)};`
}

/** "PostgreSQL 15.18 (Debian …) on x86_64 …" without its end. */
function shortVersion(text: string): string {
  return text.split(/ \(| on /)[0] ?? text
}
