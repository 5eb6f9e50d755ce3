import { realpathSync } from 'node:fs'
import { homedir, hostname, userInfo } from 'node:os'
import type { PrivateFacts } from '../../shared/rules/redact'

const secretName = /token|secret|key|password|passwd|passphrase|credential/i
/** Values that say nothing of a secret, whatever their name is. */
const harmless = /^(?:.{0,3}|true|false|none|null|auto|default|\d{1,5})$/i

/** What of this machine and user must not be told, read from the system and the environment. */
export function privateFacts(env: Readonly<Record<string, string | undefined>> = process.env): PrivateFacts {
  const homes = [homedir(), env.HOME, env.USERPROFILE].filter((home) => home !== undefined && home.length > 1)
  const values = Object.entries(env).filter(([name]) => secretName.test(name))
  return {
    homes: [...homes, ...homes.flatMap(realPath)].map((home) => (home ?? '').replace(/[\\/]+$/, '')),
    names: [userName(), env.USER, env.LOGNAME, env.USERNAME, hostname(), hostname().split('.')[0]].filter(
      (name): name is string => name !== undefined && name.length > 1 && name !== 'localhost',
    ),
    secrets: values.flatMap(([, value]) => (value === undefined || harmless.test(value) ? [] : [value])),
  }
}

function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined // The user has no entry in the system's list.
  }
}

function realPath(path: string | undefined): string[] {
  try {
    return path === undefined ? [] : [realpathSync(path)]
  } catch {
    return []
  }
}
