import { app as electron } from 'electron'
import { ownProgram } from './ownProgram'

/** One that fails sooner after its start would fail again and again, in s. */
const leastUptimeS = 60

/** Ends the process because of an error that nothing caught. It starts again, and then says why. */
export function endProcess(error: unknown): void {
  console.error(error)
  if (process.uptime() > leastUptimeS) relaunch()
  electron.exit(70)
}

/** As it was started. The mount of an AppImage ends with this process, before another could be made. */
function relaunch(): void {
  const program = ownProgram()
  const unmounted = process.env.APPIMAGE === program && program !== null ? ['--appimage-extract-and-run'] : []
  electron.relaunch(program === null ? {} : { execPath: program, args: [...unmounted, ...process.argv.slice(1)] })
}
