import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { RundeskError } from '../../../shared/outcome'
import { errnoCode } from '../../files/errnoCode'

/** What a line of the password file is looked up by. */
export interface PassFileKey {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

/**
 * The password that the user's password file (`PGPASSFILE`, else `~/.pgpass`) has for a login; null when it has none. As
 * libpq does, it refuses a file that others may read (PostgreSQL, section "The Password File"), but says so.
 */
export async function passwordFromFile(
  key: PassFileKey,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  const file = env.PGPASSFILE ?? defaultFile(env)
  try {
    const { mode } = await stat(file)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw new RundeskError(
        'refused',
        `${file} may be read by others, so its passwords are not used. Run: chmod 600 ${file}`,
      )
    return passwordIn(await readFile(file, 'utf8'), key)
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return null
    if (error instanceof RundeskError) throw error
    throw new RundeskError('unreadable', `${file} could not be read (${errnoCode(error) ?? 'unknown error'}).`, {
      cause: error,
    })
  }
}

function defaultFile(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform === 'win32') return join(env.APPDATA ?? homedir(), 'postgresql', 'pgpass.conf')
  return join(env.HOME ?? homedir(), '.pgpass')
}

/** The first line that fits decides, even when a later one fits better. */
function passwordIn(text: string, { host, port, database, user }: PassFileKey): string | null {
  const place = host.startsWith('/') ? 'localhost' : host
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue
    const fields = fieldsOf(line)
    const password = fields[4]
    const wanted = [place, String(port), database, user]
    if (password !== undefined && wanted.every((value, at) => fields[at] === '*' || fields[at] === value))
      return password
  }
  return null
}

/** Fields are divided by colons; a backslash takes the next character as it is. */
function fieldsOf(line: string): readonly string[] {
  const fields = ['']
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (character === ':' && fields.length < 5) fields.push('')
    else fields[fields.length - 1] += character === '\\' ? line.charAt(++at) : character
  }
  return fields
}
