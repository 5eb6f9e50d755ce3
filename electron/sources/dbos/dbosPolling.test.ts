import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../files/temporaryFolder.testkit'
import { lookEvery } from './dbosWatch'
import { type DbosWorld, makeDbosWorld, signal, startServer } from './dbosWorld.testkit'
import type { TestPostgres } from './postgres.testkit'
import { postgresBinaries } from './postgresBinaries.testkit'
import type { Worker } from './startWorker.testkit'

const bin = postgresBinaries()
const page = { kind: 'runs', view: 'all', where: {} } as const

describe.skipIf(bin === undefined)('looking for changes', () => {
  let postgres: TestPostgres
  let world: DbosWorld
  let worker: Worker
  beforeAll(async () => {
    postgres = await startServer(bin)
    world = await makeDbosWorld(postgres)
    worker = await world.worker()
    await worker.start('pipeline', 'good')
    await world.becomes('good', 'SUCCESS')
  })
  afterAll(async () => {
    await world?.close()
    await postgres?.close()
  })
  const after = async (ms: number): Promise<void> => {
    const end = performance.now() + ms
    await eventually(`${ms} ms have passed`, () => performance.now() >= end)
  }
  /** What the server itself counted: statements of its users outside of transactions of their own. */
  const counted = async (): Promise<number> =>
    Number(
      await postgres
        .sql(
          'postgres',
          `select pg_stat_clear_snapshot(), xact_commit + xact_rollback from pg_stat_database where datname = '${world.database}'`,
        )
        .then((row) => row.replace('|', '')),
    )

  it('asks an idle page once in two seconds at most, and nothing while nobody looks', async () => {
    const source = world.source({ writing: null })
    await source.runs({ ...page, offset: 0, limit: 50 }, signal)
    const [before, startedMs] = [source.asked(), performance.now()]
    source.watch([page])
    await after(6_500)
    source.watch([])
    const asked = source.asked() - before
    expect(asked).toBeGreaterThan(1)
    expect(asked).toBeLessThanOrEqual(1 + Math.floor((performance.now() - startedMs) / lookEvery.listMs))
    const hidden = source.asked()
    await after(2_500)
    expect(source.asked()).toBe(hidden)
  })

  it('never asks more than it says, however many want to know', async () => {
    const source = world.source({ writing: null, limits: { questionsPerSecond: 10 } })
    const startedMs = performance.now()
    await Promise.all(Array.from({ length: 40 }, () => source.runs({ ...page, offset: 0, limit: 5 }, signal)))
    expect(source.asked()).toBe(42)
    expect(source.asked()).toBeLessThanOrEqual(20 + ((performance.now() - startedMs) / 1_000) * 10)
  })

  it('counts as the server does', async () => {
    await worker.kill()
    const source = world.source({ writing: null })
    const before = await counted()
    for (let round = 0; round < 30; round++) await source.runs({ ...page, offset: 0, limit: 50 }, signal)
    const asked = source.asked()
    await source.close()
    await eventually('the server has counted', async () => (await counted()) - before >= asked)
    // Its own upkeep may have come in between.
    expect([asked, (await counted()) - before - asked < 5]).toEqual([32, true])
  })

  it('tells of what it watches when something begins, goes on, or ends', async () => {
    const again = await world.worker()
    const source = world.source()
    await again.start('longStep', 'long', { args: [60_000] })
    await world.becomes('long', 'PENDING')
    source.watch([page, { kind: 'run', runId: 'long' }])
    await eventually('the first look', () => source.revision() > 1)
    const told = async (what: string, change: () => Promise<unknown>): Promise<void> => {
      const before = source.revision()
      await change()
      await eventually(what, () => source.revision() > before)
    }
    await told('a run begins', () => again.start('pipeline', 'next'))
    await world.becomes('next', 'SUCCESS')
    await told('a run is cancelled', () =>
      world.sql("update dbos.workflow_status set status = 'CANCELLED', completed_at = 1 where workflow_uuid = 'long'"),
    )
    await told('a step is recorded', () =>
      world.sql(
        "insert into dbos.operation_outputs (workflow_uuid, function_id, function_name) values ('long', 7, 'late')",
      ),
    )
    source.watch([])
  })
})
