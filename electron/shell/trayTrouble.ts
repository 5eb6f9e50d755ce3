import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { errnoCode } from '../files/errnoCode'

const run = promisify(execFile)
const watcher = 'org.kde.StatusNotifierWatcher'
const bus = 'org.freedesktop.DBus'
/** Programs that ask the session's bus, the first that is installed is taken. */
const askers: readonly (readonly [program: string, ...args: string[]])[] = [
  [
    'gdbus',
    'call',
    '--session',
    '--dest',
    bus,
    '--object-path',
    '/org/freedesktop/DBus',
    '--method',
    `${bus}.NameHasOwner`,
    watcher,
  ],
  [
    'dbus-send',
    '--session',
    '--print-reply',
    `--dest=${bus}`,
    '/org/freedesktop/DBus',
    `${bus}.NameHasOwner`,
    `string:${watcher}`,
  ],
]

/** Why there is no tray here; null when there is one. On Linux the desktop's bus is asked whether anything shows icons. */
export async function trayTrouble(): Promise<string | null> {
  if (process.platform !== 'linux') return null
  for (const [program, ...args] of askers) {
    try {
      const { stdout } = await run(program, args, { timeout: 5_000 })
      return /\btrue\b/.test(stdout) ? null : 'This desktop has no tray for icons.'
    } catch (error) {
      if (errnoCode(error) === 'ENOENT') continue
      return 'This desktop has no tray for icons.'
    }
  }
  return 'Whether this desktop has a tray cannot be told: gdbus is not installed.'
}
