import type { ClientConfig } from 'pg'
import { parse } from 'pg-connection-string'
import { RundeskError } from '../../../shared/outcome'
import type { Connection } from '../../../shared/sources'
import { toError } from '../../files/toError'
import { passwordFromFile } from './passFile'
import { addressOfService } from './pgService'

export interface CredentialPlaces {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The password that the keychain holds for this connection; null where it holds none. Throws why it cannot be opened. */
  readonly fromKeychain: () => string | null
}

/** How a server is reached: what `pg` takes, and what may be told of it. */
export interface PgConnection {
  /** Holds the password: never logged, shown or kept. */
  readonly config: ClientConfig
  /** `host:port/database`. */
  readonly where: string
  readonly user: string
}

/**
 * Looks up what a connection stands for, without connecting. Throws `not_found` where its variable or service is not
 * there, `refused` where its text is no address, or its password may not be used.
 */
export async function resolveConnection(connection: Connection, places: CredentialPlaces): Promise<PgConnection> {
  switch (connection.from) {
    case 'environment':
      return await fromAddress(addressInVariable(connection.variable, places.env), {
        told: `the value of ${connection.variable}`,
        env: places.env,
      })
    case 'service':
      return await fromAddress(await addressOfService(connection.service, places.env), {
        told: `the service "${connection.service}"`,
        env: places.env,
      })
    case 'server':
      return await fromServer(connection, places)
  }
}

function addressInVariable(variable: string, env: CredentialPlaces['env']): string {
  const address = env[variable]?.trim()
  if (address) return address
  throw new RundeskError(
    'not_found',
    `The environment variable ${variable} is not set. Set it to the address of the database (postgresql://user@host:port/database) and start Rundesk again.`,
  )
}

/** `told` names the address in messages, which must not hold the address itself: it may hold a password. */
async function fromAddress(
  address: string,
  { told, env }: { readonly told: string; readonly env: CredentialPlaces['env'] },
): Promise<PgConnection> {
  const parsed = parseAddress(address, told)
  const user = parsed.user || env.PGUSER || env.USER || env.USERNAME || 'postgres'
  return await complete({
    host: parsed.host || env.PGHOST || 'localhost',
    port: Number(parsed.port || env.PGPORT || 5432),
    database: parsed.database || env.PGDATABASE || user,
    user,
    password: parsed.password || null,
    ssl: toTls(parsed.ssl),
    env,
  })
}

function parseAddress(address: string, told: string): ReturnType<typeof parse> {
  if (!/^postgres(ql)?:\/\//.test(address))
    throw new RundeskError('refused', `Could not read ${told}: it does not begin with postgresql://.`)
  try {
    return parse(address, { useLibpqCompat: !/[?&]uselibpqcompat=/.test(address) })
  } catch (error) {
    // What the parser says may hold the address, and with it a password.
    throw new RundeskError('refused', `Could not read ${told} as the address of a database. ${hintOf(error)}`)
  }
}

function hintOf(error: unknown): string {
  const message = toError(error).message
  if (/sslmode|verify-ca|rootcert|CA/i.test(message)) return 'sslmode=verify-ca needs sslrootcert.'
  if (/ENOENT/.test(message)) return 'A certificate that it names is not there.'
  return 'It must look like postgresql://user@host:port/database.'
}

type Tls = ClientConfig['ssl']

function toTls(ssl: ReturnType<typeof parse>['ssl']): Tls {
  if (typeof ssl === 'string') return ssl === 'no-verify' ? { rejectUnauthorized: false } : ssl !== 'false'
  if (typeof ssl !== 'object') return ssl ?? false
  const { cert, ...others } = ssl
  return { ...others, ...(cert ? { cert } : {}) }
}

async function fromServer(
  connection: Extract<Connection, { from: 'server' }>,
  { env, fromKeychain }: CredentialPlaces,
): Promise<PgConnection> {
  const { host, port, database, user, tls } = connection
  const ssl: Tls = tls === 'disable' ? false : { rejectUnauthorized: tls === 'verify-full' }
  if (connection.password === 'none') return toConnection({ host, port, database, user, ssl, password: '' })
  const password = connection.password === 'keychain' ? fromKeychain() : null
  if (connection.password === 'keychain' && password === null)
    throw new RundeskError(
      'not_found',
      `The keychain holds no password for ${user} at ${host}:${port}/${database}. Type it in again.`,
    )
  return await complete({ host, port, database, user, password, ssl, env })
}

type Login = {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly ssl: Tls
}

/** With the password that the address lacks: from `PGPASSWORD`, else from the password file, as libpq does. */
async function complete({
  password,
  env,
  ...login
}: Login & { readonly password: string | null; readonly env: CredentialPlaces['env'] }): Promise<PgConnection> {
  return toConnection({ ...login, password: password ?? env.PGPASSWORD ?? (await passwordFromFile(login, env)) ?? '' })
}

function toConnection({ password, ...login }: Login & { readonly password: string }): PgConnection {
  return {
    // A function, so that `pg` neither looks for a password by itself nor shows this one in an inspected object.
    config: { ...login, password: () => password },
    where: `${login.host}:${login.port}/${login.database}`,
    user: login.user,
  }
}
