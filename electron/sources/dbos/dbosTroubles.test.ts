import { execFile } from 'node:child_process'
import { chmod, chown } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toFailure } from '../../../shared/outcome'
import { eventually, makeTemporaryFolder } from '../../files/temporaryFolder.testkit'
import type { DbosSource } from './dbosSource'
import { type DbosWorld, makeDbosWorld, type SourceOptions, signal, startServer } from './dbosWorld.testkit'
import type { TestPostgres } from './postgres.testkit'
import { postgresBinaries } from './postgresBinaries.testkit'
import { startTcpProxy, type TcpProxy } from './tcpProxy.testkit'

const bin = postgresBinaries()
const list = { view: 'all', where: {}, offset: 0, limit: 10 } as const

describe.skipIf(bin === undefined)('a database that cannot be asked', () => {
  let postgres: TestPostgres
  let world: DbosWorld
  let proxy: TcpProxy
  beforeAll(async () => {
    postgres = await startServer(bin)
    world = await makeDbosWorld(postgres)
    const worker = await world.worker()
    await worker.start('sleepy', 'sleepy', { args: [600_000] })
    await eventually('it sleeps', async () => (await world.sql('select count(*) from dbos.operation_outputs')) === '2')
    await worker.kill()
    proxy = await startTcpProxy({ to: postgres.port })
  })
  afterAll(async () => {
    await world?.close()
    await proxy?.close()
    await postgres?.close()
  })

  /** The trouble that asking comes to, as the failure and as the state say it. */
  const troubleOf = async (options: SourceOptions): Promise<{ readonly code: string; readonly message: string }> => {
    const source = world.source({ writing: null, ...options })
    const failure = await source.runs(list, signal).then(
      () => ({ code: 'answered', message: '' }),
      (error) => toFailure(error),
    )
    const { state } = source.describe()
    expect(state.kind === 'trouble' ? state.message : state.kind).toBe(failure.message)
    expect(JSON.stringify([failure, source.describe()])).not.toContain(postgres.password)
    return { code: state.kind === 'trouble' ? state.code : state.kind, message: failure.message }
  }
  const as = (url: string): SourceOptions => ({ reading: url })
  const address = (change: (url: URL) => void): SourceOptions => {
    const url = new URL(postgres.url('reader', world.database))
    change(url)
    return as(url.toString())
  }

  it.each([
    ['refused', 'Nothing listens at 127.0.0.1:1.', () => address((url) => (url.port = '1'))],
    ['unknown-host', 'has no address', () => address((url) => (url.hostname = 'no-such-host.invalid'))],
    ['wrong-password', 'refused the password of rundesk_read', () => address((url) => (url.password = 'not-it'))],
    ['no-credentials', 'none was found', () => address((url) => (url.password = ''))],
    ['wrong-password', 'refused the password of nobody_here', () => address((url) => (url.username = 'nobody_here'))],
    ['wrong-database', 'no database no_such', () => address((url) => (url.pathname = '/no_such'))],
    ['missing-schema', 'no tables of DBOS in the schema dbos', () => address((url) => (url.pathname = '/postgres'))],
    ['no-rights', 'GRANT USAGE ON SCHEMA "dbos" TO "rundesk_nobody"', () => ({ reading: 'stranger' as const })],
    ['tls', 'speaks no TLS', () => address((url) => (url.search = 'sslmode=require'))],
    ['no-credentials', 'as the address of a database', () => as('postgresql://me:secret word@[::1/x')],
    ['no-credentials', 'does not begin with postgresql://', () => as('postgresql:/nowhere')],
  ])('says %s: … %s', async (code, words, options) => {
    const told = await troubleOf(options() as SourceOptions)
    expect([told.code, told.message]).toEqual([code, expect.stringContaining(words)])
  })

  it('knows tables that are too old, and does not act on those that are newer than it knows', async () => {
    const set = (version: number): Promise<string> => world.sql(`update dbos.dbos_migrations set version = ${version}`)
    await set(90)
    const { code, message } = await troubleOf({})
    await set(999)
    const source = world.source()
    const read = await source.run('sleepy', signal)
    await set(123)
    expect([code, message]).toEqual(['schema-too-old', expect.stringContaining('have version 90')])
    expect(read?.acts.cancel).toEqual({ kind: 'refused', reason: expect.stringContaining('version 999') })
  })

  it('asks a server that refused it neither again and again nor for every question', async () => {
    const source = world.source({ writing: null, ...address((url) => (url.password = 'not-it')) })
    const failures = await Promise.allSettled(Array.from({ length: 20 }, () => source.runs(list, signal)))
    expect(new Set(failures.map(({ status }) => status))).toEqual(new Set(['rejected']))
    const { state } = source.describe()
    expect([source.asked(), state.kind === 'trouble' && state.retryAt]).toEqual([0, null])
  })

  it('is there again by itself after the server was stopped and started', async () => {
    const source = world.source()
    expect((await source.runs(list, signal)).rows).toHaveLength(1)
    source.watch([{ kind: 'runs', view: 'all', where: {} }])
    await postgres.stop()
    await eventually('it is told', () => source.describe().state.kind === 'trouble')
    await expect(source.runs(list, signal)).rejects.toMatchObject({ code: 'unreachable' })
    await postgres.start()
    await eventually('it is there again', () => source.describe().state.kind === 'ready')
    expect((await source.runs(list, signal)).rows).toHaveLength(1)
    source.watch([])
  })

  it('waits for a frozen server and a stalled line no longer than it says', async () => {
    const limits = { connectMs: 1_000, callMs: 1_000 }
    const frozen = world.source({ limits })
    const stalled = world.source({ limits, port: proxy.port })
    for (const source of [frozen, stalled]) await source.runs(list, signal)
    await postgres.freeze()
    await expect(frozen.runs(list, signal)).rejects.toThrow('did not list its workflows within 1 seconds')
    await postgres.thaw()
    proxy.stall()
    await expect(stalled.runs(list, signal)).rejects.toMatchObject({ details: { trouble: 'timed-out' } })
    proxy.flow()
    for (const source of [frozen, stalled]) {
      await source.check(signal)
      expect(source.describe().state.kind).toBe('ready')
    }
  })

  it('takes a slow statement back when nobody waits for it, and when it takes too long', async () => {
    const source = world.source({ limits: { callMs: 2_500 } })
    await source.runs(list, signal)
    const lock = world.sql('begin; lock dbos.workflow_status in access exclusive mode; select pg_sleep(4)')
    const waiting = `select count(*) from pg_stat_activity where application_name = 'rundesk' and wait_event_type = 'Lock'`
    const isLocked = `select count(*) from pg_locks where mode = 'AccessExclusiveLock' and granted`
    await eventually('it is locked', async () => (await postgres.sql(world.database, isLocked)) !== '0')
    const stop = new AbortController()
    const asked = source.runs(list, stop.signal)
    const told = expect(asked).rejects.toThrow('the screen was left')
    await eventually('it waits', async () => (await postgres.sql('postgres', waiting)) === '1')
    stop.abort(new Error('the screen was left'))
    await told
    await eventually('nothing waits', async () => (await postgres.sql('postgres', waiting)) === '0')
    await expect(source.runs(list, signal)).rejects.toThrow('was taken back')
    expect(source.describe().state.kind).toBe('ready')
    await lock
    expect((await source.runs(list, signal)).rows).toHaveLength(1)
  })

  it('tells the truth of an act whose connection is cut in the middle, and sends it once', async () => {
    const status = (): Promise<string> =>
      world.sql("select status from dbos.workflow_status where workflow_uuid = 'sleepy'")
    for (const afterMs of [0, 150, 300, 450, 600]) {
      await world.sql(
        "update dbos.workflow_status set status = 'PENDING', completed_at = null where workflow_uuid = 'sleepy'",
      )
      const source: DbosSource = world.source({ port: proxy.port })
      const { version = '' } = (await source.run('sleepy', signal)) ?? {}
      await source.check(signal)
      proxy.delay(60)
      const acting = source.act({ runId: 'sleepy', act: 'cancel', version, confirmed: true }, signal).catch(toFailure)
      const started = Date.now()
      await eventually('the line is cut', () => Date.now() - started >= afterMs)
      proxy.cut()
      proxy.delay(0)
      const result = await acting
      const outcome = 'outcome' in result ? result.outcome : result.code
      expect(['done', 'unconfirmed', 'unreachable']).toContain(outcome)
      if (outcome === 'done') expect(await status()).toBe('CANCELLED')
      if (outcome === 'unreachable') expect(await status()).toBe('PENDING')
      await source.close()
    }
  })

  it('is asked over TLS where it has it, and only as the certificate is trusted where that is wanted', async () => {
    const certificate = await speakTls(postgres)
    const stateOf = async (search: string): Promise<string> => {
      const url = new URL(postgres.url('reader', world.database))
      url.search = search
      const source = world.source({ writing: null, reading: url.toString() })
      await source.runs(list, signal).catch(() => undefined)
      const { state } = source.describe()
      return state.kind === 'trouble' ? `${state.code}: ${state.message}` : state.kind
    }
    const inUse =
      "select count(*) from pg_stat_ssl join pg_stat_activity using (pid) where ssl and application_name = 'rundesk'"
    expect(await stateOf('sslmode=require')).toBe('ready')
    expect(await postgres.sql('postgres', inUse)).toBe('1')
    expect(await stateOf('sslmode=verify-full')).toMatch(/^tls: .* its certificate is not trusted here/)
    expect(await stateOf(`sslmode=verify-full&sslrootcert=${encodeURIComponent(certificate)}`)).toBe('ready')
  })
})

/** Gives the server a certificate for 127.0.0.1 that it has signed itself; gives the file of it. */
async function speakTls(postgres: TestPostgres): Promise<string> {
  const folder = await makeTemporaryFolder()
  const [key, certificate] = [join(folder, 'server.key'), join(folder, 'server.crt')]
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
  ])
  await chmod(folder, 0o755)
  // The server takes no key that others may read; as root the tests' server runs as nobody.
  if (process.getuid?.() === 0) await chown(key, 65534, 65534)
  await postgres.sql('postgres', `alter system set ssl_key_file = '${key}'`)
  await postgres.sql('postgres', `alter system set ssl_cert_file = '${certificate}'`)
  await postgres.sql('postgres', 'alter system set ssl = on')
  await postgres.sql('postgres', 'select pg_reload_conf()')
  // psql asks for TLS where the server has it.
  const isSafe = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()'
  await eventually('it speaks TLS', async () => (await postgres.sql('postgres', isSafe)) === 't')
  return certificate
}
