import { app } from 'electron'
import type { App } from '../api/app'

/**
 * Notes what nobody expected: errors that nothing caught, and processes of windows and of Chromium that are gone. Of promises
 * that fail while nobody waits for them Electron only warns: what was asked for is not done, the rest goes on.
 */
export function logCrashes({ log }: Pick<App, 'log'>): void {
  process.on('uncaughtExceptionMonitor', (error) => log.bug('app', error))
  process.on('unhandledRejection', (error) => {
    console.error(error)
    log.bug('app', error)
  })
  app.on('render-process-gone', (_event, _contents, { reason, exitCode }) =>
    log.error('window', 'the process of a window is gone', { reason, exitCode }),
  )
  app.on('child-process-gone', (_event, { type, reason, exitCode }) =>
    log.error('window', 'a process of Chromium is gone', { type, reason, exitCode }),
  )
}
