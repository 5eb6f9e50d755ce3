import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { testElectron } from './electronRuntime.mjs'
import { buildIfNeeded, hasDisplay, installIfNeeded, say } from './lib.mjs'
import { stage } from './stage.mjs'

// npm run soak -- --minutes N: heavy load on the real app for so long, and whether anything grows (docs/testing.md).
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
if (!(Number(values.minutes) > 0)) {
  say(`--minutes ${values.minutes}: give a number above 0`)
  process.exit(2)
}
installIfNeeded()
buildIfNeeded()
const found = testElectron()
if (found.reason) {
  say(`there is no Electron to put under load: ${found.reason}`)
  process.exit(1)
}
const { place, run, share, dispose } = stage()
try {
  const playwright = [process.execPath, join(place, 'node_modules/@playwright/test/cli.js'), 'test']
  const [command, ...args] = hasDisplay() ? playwright : ['xvfb-run', '-a', ...playwright]
  process.exitCode = run(command, [...args, '--config', 'playwright.soak.config.ts'], {
    RUNDESK_TEST_ELECTRON: share(found).binary,
    RUNDESK_SOAK_MINUTES: values.minutes,
  })
} finally {
  dispose()
}
