import { homedir } from 'node:os'
import { join } from 'node:path'

/** The platform's folder for Rundesk's settings, history and trash. */
export function defaultDataDir(): string {
  const home = homedir()
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Rundesk')
  if (process.platform === 'win32') return join(process.env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Rundesk')
  return join(process.env.XDG_CONFIG_HOME || join(home, '.config'), 'rundesk')
}
