import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { isProcessAlive } from '../../files/processIdentity'

const run = promisify(execFile)
const nobody = 65534
const prefix = 'rundesk-postgres-'
const startWithinMs = 30_000

/** `owner` made the tables, `writer` may change rows, `reader` may only look, `stranger` may only connect. */
export type PostgresRole = 'owner' | 'writer' | 'reader' | 'stranger'

const userNames: Readonly<Record<PostgresRole, string>> = {
  owner: 'rundesk_owner',
  writer: 'rundesk_write',
  reader: 'rundesk_read',
  stranger: 'rundesk_nobody',
}

/** A real PostgreSQL on a free port of 127.0.0.1, with a data folder of its own. It ends with this process. */
export interface TestPostgres {
  readonly port: number
  /** Every role's password. */
  readonly password: string
  readonly userName: (role: PostgresRole) => string
  /** Where a role connects to; `port` is another one when a proxy stands between. */
  readonly url: (role: PostgresRole, database: string, port?: number) => string
  /** Makes a database whose later tables each role gets its rights on. */
  readonly createDatabase: (name: string) => Promise<void>
  /** Runs SQL as the owner; gives the rows as psql prints them, columns separated by `|`. */
  readonly sql: (database: string, text: string) => Promise<string>
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
  /** Stops the server's processes without ending them: connections stay open and nothing answers. */
  readonly freeze: () => Promise<void>
  readonly thaw: () => Promise<void>
  /** Ends it and removes its folder. */
  readonly close: () => Promise<void>
}

/** Starts one with the programs of `bin` (postgresBinaries.testkit.ts). As root its processes run as nobody. */
export async function startPostgres(bin: string): Promise<TestPostgres> {
  await removeLeftOvers()
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
  const data = join(folder, 'data')
  const password = 'test-only-password'
  const passwordFile = join(folder, 'password')
  const asRoot = process.getuid?.() === 0
  await writeFile(passwordFile, password)
  await chmod(folder, 0o700)
  if (asRoot) for (const path of [folder, passwordFile]) await chown(path, nobody, nobody)
  const asUser = asRoot ? [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : []
  await run('setpriv', [
    ...asUser,
    ...['--pdeathsig', 'KILL'],
    join(bin, 'initdb'),
    ...['-D', data, '-U', userNames.owner, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--no-sync', '--encoding=UTF8', '--locale=C'],
  ])
  const port = await freePort()
  let server: ChildProcess | undefined

  const psql = async (database: string, text: string): Promise<string> => {
    const at = ['-h', '127.0.0.1', '-p', String(port), '-U', userNames.owner, '-d', database]
    const env = { ...process.env, PGPASSWORD: password, PGOPTIONS: '--client-min-messages=warning' }
    const options = { env, maxBuffer: 64 * 1024 * 1024 }
    const { stdout } = await run(
      join(bin, 'psql'),
      [...at, '-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', text],
      options,
    )
    return stdout.trim()
  }

  const start = async (): Promise<void> => {
    if (server) return
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '',
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
      max_connections: '60',
    }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    let said = ''
    const child = spawn('setpriv', [...asUser, '--pdeathsig', 'QUIT', join(bin, 'postgres'), '-D', data, ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
    })
    server = child
    child.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-4_000)
    })
    const until = Date.now() + startWithinMs
    for (;;) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL did not start: ${said}`)
      if (
        await psql('postgres', 'select 1').then(
          () => true,
          () => false,
        )
      )
        return
      if (Date.now() > until) throw new Error(`PostgreSQL did not answer within ${startWithinMs} ms: ${said}`)
      await sleep(50)
    }
  }

  const stop = async (): Promise<void> => {
    const child = server
    server = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGINT') // Fast: ends connections, waits for nobody.
    await ended
  }

  const signalAll = async (signal: NodeJS.Signals): Promise<void> => {
    const pid = server?.pid
    if (pid === undefined) throw new Error('PostgreSQL is not running.')
    for (const each of [pid, ...(await childrenOf(pid))]) process.kill(each, signal)
  }

  await start()
  for (const role of ['writer', 'reader', 'stranger'] as const)
    await psql('postgres', `create role ${userNames[role]} login password '${password}'`)
  return {
    port,
    password,
    userName: (role) => userNames[role],
    url: (role, database, at = port) => `postgresql://${userNames[role]}:${password}@127.0.0.1:${at}/${database}`,
    createDatabase: async (name) => {
      await psql('postgres', `create database "${name}"`)
      const grant = `alter default privileges for role ${userNames.owner} grant`
      await psql(name, `${grant} usage on schemas to ${userNames.reader}, ${userNames.writer}`)
      await psql(name, `${grant} select on tables to ${userNames.reader}`)
      await psql(name, `${grant} select, insert, update, delete on tables to ${userNames.writer}`)
      await psql(name, `${grant} usage on sequences to ${userNames.writer}`)
    },
    sql: psql,
    start,
    stop,
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    close: async () => {
      if (server) await signalAll('SIGCONT').catch(() => undefined)
      await stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text
    .split(' ')
    .map(Number)
    .filter((each) => each > 0)
}

/** The folders of test processes that were killed. */
async function removeLeftOvers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN
    if (Number.isNaN(pid) || isProcessAlive(pid)) continue
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined) // It is another user's.
  }
}

/** A port of 127.0.0.1 that nobody listens on. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', resolve)
  })
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The probe listens on no port.')
  return address.port
}
