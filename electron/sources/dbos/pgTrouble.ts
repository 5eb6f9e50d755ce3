import { RundeskError } from '../../../shared/outcome'
import type { SourceTrouble } from '../../../shared/sources'
import { errnoCode } from '../../files/errnoCode'
import { toError } from '../../files/toError'

/** Where a call went, for messages. */
export interface PgPlace {
  readonly where: string
  readonly user: string
  readonly schema: string
}

/**
 * A source that cannot be asked: `details.trouble` is the stable word for why. `ofStatement`: only this was refused, and
 * the connection is as good as before.
 */
export function sourceTrouble(
  trouble: SourceTrouble,
  message: string,
  { ofStatement = false }: { readonly ofStatement?: boolean } = {},
): RundeskError {
  const code = trouble === 'no-rights' ? 'refused' : 'unreachable'
  return new RundeskError(code, message, { details: { trouble, ofStatement } })
}

/** The stable word of an error that `sourceTrouble` made; null for any other. */
export function troubleOf(error: unknown): SourceTrouble | null {
  const told = error instanceof RundeskError ? error.details?.trouble : undefined
  return typeof told === 'string' ? (told as SourceTrouble) : null
}

/**
 * Says in words what `pg`, the network or the server refused. Errors that are already expected ones pass as they are.
 * The messages hold the place and the user, never a password: no text of an address is used.
 */
export function toPgTrouble(thrown: unknown, place: PgPlace): Error {
  const error = deepest(toError(thrown))
  if (error instanceof RundeskError) return error
  const known = ofState(sqlStateOf(error), error, place) ?? ofSystem(errnoCode(error), place) ?? ofText(error, place)
  return known ? sourceTrouble(known[0], known[1], { ofStatement: isOfStatement(error) }) : error
}

type Told = readonly [trouble: SourceTrouble, message: string]

/** What the server says, by its SQLSTATE (PostgreSQL, appendix "Error Codes"). */
function ofState(state: string | null, error: Error, { where, user, schema }: PgPlace): Told | null {
  switch (state) {
    case '28P01':
      return [
        'wrong-password',
        `The server of ${where} refused the password of ${user}. Check the user and the password.`,
      ]
    case '28000':
      return /pg_hba|encryption|SSL/i.test(error.message)
        ? [
            'wrong-password',
            `The server of ${where} lets ${user} in from here in no way, or only with TLS. Check pg_hba.conf of the server, or ask for TLS.`,
          ]
        : ['wrong-password', `The server of ${where} does not let ${user} in. Check the user.`]
    case '3D000':
      return ['wrong-database', `There is no database ${afterSlash(where)} at ${beforeSlash(where)}. Check its name.`]
    case '3F000':
    case '42P01':
      return [
        'missing-schema',
        `The database ${where} holds no tables of DBOS in the schema ${schema}. Name the system database that the workers use, and its schema.`,
      ]
    case '42703':
      return [
        'schema-too-old',
        `The tables of DBOS in ${where} have another form than this Rundesk knows. Bring the workers or Rundesk up to date.`,
      ]
    case '42501':
      return [
        'no-rights',
        `${user} has no right to do that at ${where}: ${error.message}. Grant it, or use another user.`,
      ]
    case '25006':
      return ['no-rights', `${where} takes no changes: this connection, or the server, is read-only.`]
    case '53300':
      return ['refused', `The server of ${where} has no connection left. Rundesk tries again by itself.`]
    case '57P01':
    case '57P02':
    case '57P03':
      return ['refused', `The server of ${where} is starting or shutting down. Rundesk tries again by itself.`]
    case '57014':
      return [
        'timed-out',
        `The server of ${where} did not answer in time and the question was taken back. Narrow the filter, or try again later.`,
      ]
    default:
      if (/unsupported startup parameter/i.test(error.message)) return pooler(where)
      return state?.startsWith('08') ? lost(where) : null
  }
}

function ofSystem(code: string | undefined, { where }: PgPlace): Told | null {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return [
        'refused',
        `Nothing listens at ${beforeSlash(where)}. Is PostgreSQL running there, and is the port right?`,
      ]
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return ['unknown-host', `The host of ${beforeSlash(where)} has no address. Check its name and the network.`]
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return ['unreachable', `No way leads to ${beforeSlash(where)}. Check the network or the VPN.`]
    case 'ETIMEDOUT':
      return timedOut(where)
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return lost(where)
    default:
      return isTlsCode(code) ? tlsFault(where) : null
  }
}

/** What `pg` and Node tell by words alone. */
function ofText(error: Error, { where, user }: PgPlace): Told | null {
  const { message } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/does not support SSL/i.test(message))
    return [
      'tls',
      `The server of ${beforeSlash(where)} speaks no TLS. Connect without TLS only where the network is trusted.`,
    ]
  if (/certificate|self.signed|altname|handshake|\bTLS\b|\bSSL\b|wrong version number/i.test(`${message} ${code}`))
    return tlsFault(where)
  if (/SASL|client password must be a string|empty password/i.test(message))
    return ['no-credentials', `The server of ${where} asks for the password of ${user}, and none was found.`]
  if (/timeout (?:exceeded|expired)|connection timeout|timed out/i.test(message)) return timedOut(where)
  if (/terminated|not queryable|closed the connection|connection error/i.test(message)) return lost(where)
  return null
}

const timedOut = (where: string): Told => [
  'timed-out',
  `${beforeSlash(where)} did not answer in time. Is the server, or a firewall before it, overloaded or away?`,
]
const lost = (where: string): Told => ['lost', `The connection to ${where} was cut. Rundesk connects again by itself.`]
const pooler = (where: string): Told => [
  'unreadable',
  `A pooler answers at ${beforeSlash(where)} and refuses the limits that Rundesk sets for its connection. Name the server itself, or let the pooler ignore the parameters options and statement_timeout.`,
]
const tlsFault = (where: string): Told => [
  'tls',
  `No safe connection to ${beforeSlash(where)} could be made: its certificate is not trusted here, or it speaks no TLS. Name the certificate (sslrootcert), or choose another TLS mode.`,
]

function isTlsCode(code: string | undefined): boolean {
  return code !== undefined && /^(?:ERR_(?:TLS|SSL)|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_)/.test(code)
}

function isOfStatement(error: Error): boolean {
  return ['57014', '42501', '25006'].includes(sqlStateOf(error) ?? '')
}

/** The SQLSTATE of an error that a server sent. */
export function sqlStateOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : null
}

/** Hosts with several addresses fail with one error for each. */
function deepest(error: Error): Error {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined
  return first === undefined ? error : toError(first)
}

const beforeSlash = (where: string): string => where.slice(0, where.lastIndexOf('/'))
const afterSlash = (where: string): string => where.slice(where.lastIndexOf('/') + 1)
