import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isProcessAlive } from '../../files/processIdentity'
import { eventually, makeTemporaryFolder } from '../../files/temporaryFolder.testkit'
import { startPostgres, type TestPostgres } from './postgres.testkit'
import { postgresBinaries } from './postgresBinaries.testkit'
import { startWorker, type Worker } from './startWorker.testkit'
import { startTcpProxy } from './tcpProxy.testkit'

const bin = postgresBinaries()

describe.skipIf(bin === undefined)('the real parts', () => {
  let postgres: TestPostgres
  let made = 0
  beforeAll(async () => {
    postgres = await startPostgres(bin ?? '')
  })
  afterAll(() => postgres?.close())

  const freshWorker = async (): Promise<{ readonly worker: Worker; readonly database: string }> => {
    const database = `parts_${made++}`
    await postgres.createDatabase(database)
    const worker = await startWorker({ url: postgres.url('owner', database), folder: await makeTemporaryFolder() })
    return { worker, database }
  }
  const statusOf = (database: string, id: string): Promise<string> =>
    postgres.sql(database, `select status from dbos.workflow_status where workflow_uuid = '${id}'`)

  it('runs real workflows in a real database, whose rows each role may touch as far as its rights go', async () => {
    const { worker, database } = await freshWorker()
    await worker.start('pipeline', 'good')
    await eventually('the run ends', async () => (await statusOf(database, 'good')) === 'SUCCESS')
    const as = (role: 'writer' | 'reader' | 'stranger', sql: string): Promise<string> =>
      postgres.sql(database, `set role ${postgres.userName(role)}; ${sql}`)
    expect(await as('reader', 'select count(*) from dbos.workflow_status')).toContain('1')
    await expect(as('reader', 'delete from dbos.workflow_status')).rejects.toThrow('permission denied')
    await expect(as('stranger', 'select * from dbos.workflow_status')).rejects.toThrow('permission denied')
    await as('writer', "update dbos.workflow_status set priority = 1 where workflow_uuid = 'good'")
    await worker.stop()
    expect([worker.timesRan('good', 'fetch'), worker.timesRan('good', 'publish'), isProcessAlive(worker.pid)]).toEqual([
      1,
      1,
      false,
    ])
  })

  it('comes back with its rows after a stop, and a killed worker leaves its run as it was', async () => {
    const { worker, database } = await freshWorker()
    await worker.start('longStep', 'long', { args: [60_000] })
    await eventually('the body runs', () => worker.timesRan('long', 'long') === 1)
    await worker.kill()
    await postgres.stop()
    await expect(statusOf(database, 'long')).rejects.toThrow('refused')
    await postgres.start()
    expect([await statusOf(database, 'long'), worker.timesRan('long', 'long-end')]).toEqual(['PENDING', 0])
  })

  it('lets nothing pass while the line between is stalled, and everything afterwards', async () => {
    const proxy = await startTcpProxy({ to: postgres.port })
    await postgres.createDatabase('stalled')
    proxy.stall()
    const starting = startWorker({
      url: postgres.url('owner', 'stalled', proxy.port),
      folder: await makeTemporaryFolder(),
    })
    await eventually('the worker connects', () => proxy.connections() > 0)
    expect(await postgres.sql('stalled', "select count(*) from pg_namespace where nspname = 'dbos'")).toBe('0')
    proxy.flow()
    const worker = await starting
    await worker.stop()
    await proxy.close()
  })
})
