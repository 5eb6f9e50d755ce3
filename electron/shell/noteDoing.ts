import { app as electron } from 'electron'
import type { App } from '../api/app'
import type { RunningMark } from '../api/runningMark'
import { ownProgram } from './ownProgram'

/** A run that has ended is told a moment before it leaves the list of those that are executed, in ms. */
const afterMs = 1_000
/** One that fails sooner after its start would fail again and again, in s. */
const leastUptimeS = 60

/** Keeps in the mark what the app does, until the mark is closed. */
export function noteDoing(app: App, mark: RunningMark): void {
  const note = (): void => mark.note({ runs: [...app.executing()], unsavedRows: app.unsavedRows() })
  let waits = false
  app.subscribe(() => {
    note()
    if (waits) return
    waits = true
    setTimeout(() => {
      waits = false
      note()
    }, afterMs)
  })
}

/**
 * Ends the process on an error that nothing caught, after it was noted: what it would do from then on could not be
 * trusted. It starts again, and then says why.
 */
export function endOnFatalErrors(mark: RunningMark): void {
  process.on('uncaughtException', (error) => {
    console.error(error)
    mark.fail(error)
    if (process.uptime() > leastUptimeS) relaunch()
    electron.exit(70)
  })
}

/** As it was started. The mount of an AppImage ends with this process, before another could be made. */
function relaunch(): void {
  const program = ownProgram()
  const unmounted = process.env.APPIMAGE === program && program !== null ? ['--appimage-extract-and-run'] : []
  electron.relaunch(program === null ? {} : { execPath: program, args: [...unmounted, ...process.argv.slice(1)] })
}
