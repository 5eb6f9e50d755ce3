import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { RundeskError } from '../../../shared/outcome'
import { errnoCode } from '../../files/errnoCode'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The address that a section of `pg_service.conf` stands for, as libpq looks it up: `PGSERVICEFILE`, else
 * `~/.pg_service.conf`, then `PGSYSCONFDIR` (PostgreSQL, section "The Connection Service File"). It may hold a password.
 * Throws `not_found` when no file has the section.
 */
export async function addressOfService(service: string, env: Environment): Promise<string> {
  const files = serviceFiles(env)
  for (const file of files) {
    const section = sectionOf(await readIfThere(file), service)
    if (section) return toAddress(section)
  }
  throw new RundeskError(
    'not_found',
    `There is no service "${service}" in ${files.join(' or ')}. Add the section [${service}] there, or choose another way to connect.`,
  )
}

function serviceFiles(env: Environment): readonly string[] {
  const own = env.PGSERVICEFILE ?? join(env.HOME ?? homedir(), '.pg_service.conf')
  return [own, join(env.PGSYSCONFDIR ?? '/etc/postgresql-common', 'pg_service.conf')]
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return ''
    throw new RundeskError('unreadable', `${file} could not be read (${errnoCode(error) ?? 'unknown error'}).`, {
      cause: error,
    })
  }
}

/** The keys of one section; undefined when the text has no such section. */
function sectionOf(text: string, service: string): ReadonlyMap<string, string> | undefined {
  let found: Map<string, string> | undefined
  let inside = false
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('[')) {
      inside = line === `[${service}]`
      if (inside) found ??= new Map()
      continue
    }
    const equals = line.indexOf('=')
    if (inside && equals > 0) found?.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim())
  }
  return found
}

function toAddress(section: ReadonlyMap<string, string>): string {
  const { host, port, dbname, user, password, ...others } = Object.fromEntries(section) as Record<string, string>
  const isSocket = host?.startsWith('/') === true
  const login = user ? `${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ''}@` : ''
  const place = isSocket ? '' : `${host ?? ''}${port ? `:${port}` : ''}`
  const query = new URLSearchParams({
    ...others,
    ...(isSocket && host ? { host } : {}),
    ...(isSocket && port ? { port } : {}),
  })
  const asked = query.toString()
  return `postgresql://${login}${place}/${encodeURIComponent(dbname ?? '')}${asked ? `?${asked}` : ''}`
}
