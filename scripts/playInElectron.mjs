import { join } from 'node:path'
import { testElectron } from './electronRuntime.mjs'
import { buildIfNeeded, hasDisplay, installIfNeeded, say } from './lib.mjs'
import { stage } from './stage.mjs'

/**
 * Plays what Playwright's `args` name in the real, built app, on a display of its own (`screen`, as Xvfb names it) where
 * there is none, and ends with its exit code. `what` is to be done to the app, for the words when there is no Electron;
 * `after` gets the place where it was played.
 */
export function playInElectron(args, { what, screen, env = {}, after }) {
  installIfNeeded()
  buildIfNeeded()
  const found = testElectron()
  if (found.reason) {
    say(`there is no Electron to ${what}: ${found.reason}`)
    process.exit(1)
  }
  const { place, run, share, dispose } = stage()
  try {
    const playwright = [process.execPath, join(place, 'node_modules/@playwright/test/cli.js'), 'test', ...args]
    const display = ['xvfb-run', '-a', ...(screen ? ['-s', `-screen 0 ${screen}`] : [])]
    const [command, ...rest] = hasDisplay() ? playwright : [...display, ...playwright]
    process.exitCode = run(command, rest, { RUNDESK_TEST_ELECTRON: share(found).binary, ...env })
    after?.(place)
  } finally {
    dispose()
  }
}
