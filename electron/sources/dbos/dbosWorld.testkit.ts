import { setMaxListeners } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { savedSourceSchema } from '../../../shared/sources'
import { eventually } from '../../files/temporaryFolder.testkit'
import { noSecretStore } from '../secretStore'
import type { PoolLimits } from './boundedPool'
import { createDbosSource, type DbosSource } from './dbosSource'
import { type PostgresRole, startPostgres, type TestPostgres } from './postgres.testkit'
import { startWorker, type Worker, type WorkerOptions } from './startWorker.testkit'

/** A database of its own in a real PostgreSQL, with real workers and sources that look at it. */
export interface DbosWorld {
  readonly postgres: TestPostgres
  readonly database: string
  readonly worker: (options?: Partial<WorkerOptions>) => Promise<Worker>
  /** A source that reads as `reader`, and acts as `writer` unless it is told to only read. */
  readonly source: (options?: SourceOptions) => DbosSource
  readonly sql: (text: string) => Promise<string>
  /** Waits until the run has this status. */
  readonly becomes: (runId: string, status: string) => Promise<void>
  readonly close: () => Promise<void>
}

export interface SourceOptions {
  readonly reading?: PostgresRole | string
  readonly writing?: PostgresRole | null
  readonly port?: number
  readonly limits?: Partial<PoolLimits>
}

/** Limits that end a test soon. */
const shortLimits: PoolLimits = { connectMs: 2_000, callMs: 5_000, maxConnections: 3, questionsPerSecond: 1_000 }
/** Never aborted. */
export const signal: AbortSignal = new AbortController().signal
setMaxListeners(0, signal)
let made = 0

/** Starts the server of a test file. */
export async function startServer(bin: string | undefined): Promise<TestPostgres> {
  if (bin === undefined) throw new Error('There is no PostgreSQL.')
  return await startPostgres(bin)
}

/** Makes a fresh database on it. */
export async function makeDbosWorld(postgres: TestPostgres): Promise<DbosWorld> {
  const database = `world_${process.pid}_${made++}`
  await postgres.createDatabase(database)
  const folder = await mkdtemp(join(tmpdir(), 'rundesk-test-'))
  const workers: Worker[] = []
  const sources: DbosSource[] = []
  const sql = (text: string): Promise<string> => postgres.sql(database, text)
  return {
    postgres,
    database,
    sql,
    worker: async (options = {}) => {
      const worker = await startWorker({ url: postgres.url('owner', database), folder, ...options })
      workers.push(worker)
      return worker
    },
    source: ({ reading = 'reader', writing = 'writer', port, limits } = {}) => {
      const address = (role: string): string =>
        role.startsWith('postgresql:') ? role : postgres.url(role as PostgresRole, database, port)
      const saved = savedSourceSchema.parse({
        id: 'test',
        name: 'Test',
        kind: 'dbos',
        reading: { from: 'environment', variable: 'READING_URL' },
        writing: writing === null ? null : { from: 'environment', variable: 'WRITING_URL' },
      })
      const source = createDbosSource(saved, {
        secrets: noSecretStore('There is no keychain in tests.'),
        env: { READING_URL: address(reading), ...(writing ? { WRITING_URL: address(writing) } : {}) },
        limits: { ...shortLimits, ...limits },
      })
      sources.push(source)
      return source
    },
    becomes: async (runId, status) => {
      await eventually(
        `${runId} becomes ${status}`,
        async () => (await sql(`select status from dbos.workflow_status where workflow_uuid = '${runId}'`)) === status,
      )
    },
    close: async () => {
      for (const source of sources) await source.close()
      for (const worker of workers) await worker.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
