import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { testElectron } from './electronRuntime.mjs'
import { buildIfNeeded, hasDisplay, installIfNeeded, say } from './lib.mjs'
import { stage } from './stage.mjs'

// npm run test:fuzz -- --messages N --seed S: hostile messages to every channel, in the real app (docs/testing.md).
const { values } = parseArgs({
  options: { messages: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
})
installIfNeeded()
buildIfNeeded()
const found = testElectron()
if (found.reason) {
  say(`there is no Electron to send hostile messages to: ${found.reason}`)
  process.exit(1)
}
const { place, run, share, dispose } = stage()
try {
  const playwright = [process.execPath, join(place, 'node_modules/@playwright/test/cli.js'), 'test']
  const [command, ...args] = hasDisplay() ? playwright : ['xvfb-run', '-a', ...playwright]
  process.exitCode = run(command, [...args, '--reporter=list', '--grep', 'hostile messages'], {
    RUNDESK_TEST_ELECTRON: share(found).binary,
    RUNDESK_HOSTILE_MESSAGES: values.messages,
    RUNDESK_SEED: values.seed,
  })
} finally {
  dispose()
}
