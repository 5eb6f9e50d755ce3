import { DBOSClient } from '@dbos-inc/dbos-sdk'
import type { PoolClient } from 'pg'
import type { BoundedPool, CallOptions, PoolLimits } from './boundedPool'
import { createBoundedPool } from './boundedPool'
import { type DbosQuery, type DbosWorkflow, toDbosInput } from './dbosQuery'
import { dbosStatements } from './dbosStatements'
import type { PgConnection } from './pgConnection'
import { checkDatabase, type DatabaseFacts } from './preflight'

type Signal = AbortSignal | undefined
type Row = Readonly<Record<string, unknown>>

/** One connection to a DBOS system database, every call of it bounded. */
export interface DbosEngine {
  readonly check: (signal: Signal) => Promise<DatabaseFacts>
  /** A window of the list, without payloads. */
  readonly list: (query: DbosQuery, signal: Signal) => Promise<readonly DbosWorkflow[]>
  readonly get: (runId: string, signal: Signal) => Promise<DbosWorkflow | null>
  /** Names of the versions of code that workers registered, newest first, with their application. */
  readonly versions: (
    signal: Signal,
  ) => Promise<readonly { readonly name: string; readonly application: string | null }[]>
  /** The rows of one of the statements. */
  readonly ask: (statement: AskedStatement, values: readonly unknown[], signal: Signal) => Promise<readonly Row[]>
  /**
   * Acts on the run in one transaction with the look whether it is still as it was seen: of several callers one finds it
   * so. False when it is not, and nothing was done; null when there is no such run.
   */
  readonly actIf: (
    runId: string,
    isAsSeen: (row: Row) => boolean,
    act: (client: DBOSClient) => Promise<unknown>,
  ) => Promise<boolean | null>
  /** So many questions went to the server. */
  readonly asked: () => number
  readonly close: () => Promise<void>
}

type AskedStatement = Exclude<keyof ReturnType<typeof dbosStatements>, 'locked'>

const quiet = { info: ignore, debug: ignore, warn: ignore, error: ignore }

/** Opens a connection lazily: nothing is sent before the first call. */
export async function openDbosEngine(
  connection: PgConnection,
  { schema, limits, readOnly }: { readonly schema: string; readonly limits: PoolLimits; readonly readOnly: boolean },
): Promise<DbosEngine> {
  const bounded = createBoundedPool(connection, { limits, schema, readOnly })
  const client = await DBOSClient.create({
    // The pool below is what is used; the client only wants to see an address.
    systemDatabaseUrl: 'postgresql://localhost/dbos',
    systemDatabasePool: bounded.pool,
    systemDatabaseSchemaName: schema,
    // The connection has a time limit of its own: the client's would put each list into a transaction of four statements.
    observabilityQueryTimeoutMs: 0,
    logger: quiet,
  })
  const statements = dbosStatements(schema)
  const place = { where: connection.where, user: connection.user, schema }
  const asking = (does: string, signal: Signal): CallOptions => ({ does, signal })

  async function list(query: DbosQuery, signal: Signal): Promise<readonly DbosWorkflow[]> {
    return await bounded.call(() => client.listWorkflows(toDbosInput(query)), asking('list its workflows', signal))
  }

  return {
    check: async (signal) => await checkDatabase(bounded, { ...place, signal }),
    list,
    get: async (runId, signal) => {
      const [found] = await list({ ids: [runId], offset: 0, limit: 1 }, signal)
      return found ?? null
    },
    versions: async (signal) => {
      const found = await bounded.call(() => client.listApplicationVersions(), asking('list its versions', signal))
      return found.map(({ versionName, applicationName }) => ({
        name: versionName,
        application: applicationName ?? null,
      }))
    },
    ask: async (statement, values, signal) => {
      const { rows } = await bounded.call(
        () => bounded.pool.query(statements[statement], [...values]),
        asking('answer', signal),
      )
      return rows as readonly Row[]
    },
    actIf: async (runId, isAsSeen, act) =>
      await bounded.call(
        () => inOneTransaction(bounded, { runId, locked: statements.locked, isAsSeen, act: () => act(client) }),
        {
          does: 'confirm the act',
        },
      ),
    asked: bounded.asked,
    close: async () => {
      await client.destroy()
      await bounded.close()
    },
  }
}

async function inOneTransaction(
  { lend, pool }: BoundedPool,
  {
    runId,
    locked,
    isAsSeen,
    act,
  }: {
    readonly runId: string
    readonly locked: string
    readonly isAsSeen: (row: Row) => boolean
    readonly act: () => Promise<unknown>
  },
): Promise<boolean | null> {
  const client: PoolClient = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
    const { rows } = await client.query(locked, [runId])
    const [row] = rows as readonly Row[]
    const isAsked = row !== undefined && isAsSeen(row)
    if (isAsked) await lend(client, act)
    await client.query(isAsked ? 'COMMIT' : 'ROLLBACK')
    return row === undefined ? null : isAsked
  } catch (error) {
    await client.query('ROLLBACK').catch(ignore)
    throw error
  } finally {
    client.release()
  }
}

function ignore(): void {}
