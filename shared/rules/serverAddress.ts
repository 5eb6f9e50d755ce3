import type { Connection } from '../sources'

/** A server as a person names it, or why it cannot be used so. */
export type NamedServer =
  | { readonly connection: Omit<Extract<Connection, { readonly from: 'server' }>, 'password'>; readonly refused: null }
  | { readonly connection: null; readonly refused: string }

const modes: Readonly<Record<string, 'disable' | 'require' | 'verify-full'>> = {
  disable: 'disable',
  require: 'require',
  'verify-full': 'verify-full',
}

/**
 * Takes `postgres://user@host:port/database?sslmode=…` apart. One that holds a password is refused: it would be seen on
 * command lines and kept in histories.
 */
export function namedServer(url: string): NamedServer {
  const refuse = (refused: string): NamedServer => ({ connection: null, refused })
  const match = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)\/([^/?#]+)(?:\?([^#]*))?$/.exec(url.trim())
  if (!match) return refuse('Give the address as postgres://user@host:5432/database.')
  const [, who = '', place = '', database = '', rest = ''] = match
  if (who.includes(':') || /(^|&)password=/i.test(rest))
    return refuse(
      'The address holds a password, which others could read. Leave it out, and keep it in ~/.pgpass, a service of pg_service.conf or an environment variable.',
    )
  const [host = '', port = '5432'] = splitPlace(place)
  const portNumber = Number(port)
  if (!Number.isInteger(portNumber) || portNumber < 1 || portNumber > 65_535)
    return refuse(`${JSON.stringify(port)} is no port: it is a number from 1 to 65535.`)
  const user = decoded(who)
  if (user === '') return refuse('Name the user as well: postgres://user@host:5432/database.')
  const mode = /(?:^|&)sslmode=([^&]*)/.exec(rest)?.[1]
  const tls = mode === undefined ? 'require' : Object.hasOwn(modes, mode) ? modes[mode] : undefined
  if (tls === undefined)
    return refuse(`sslmode=${mode} leaves open whether the connection is secured. Use disable, require or verify-full.`)
  return {
    connection: { from: 'server', host, port: portNumber, database: decoded(database), user, tls },
    refused: null,
  }
}

/** An address of IPv6 stands in brackets. */
function splitPlace(place: string): readonly string[] {
  const inBrackets = /^\[([^\]]+)\](?::(.*))?$/.exec(place)
  if (inBrackets) return [inBrackets[1] ?? '', inBrackets[2] ?? '5432']
  return place.split(':')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
