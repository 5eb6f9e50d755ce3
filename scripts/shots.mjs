import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { testElectron } from './electronRuntime.mjs'
import { buildIfNeeded, hasDisplay, installIfNeeded, root, say } from './lib.mjs'
import { stage } from './stage.mjs'

// npm run shots: pictures of every screen, in both themes, narrow and wide, empty, full and broken, into .cache/shots.
installIfNeeded()
buildIfNeeded()
const found = testElectron()
if (found.reason) {
  say(`there is no Electron to take pictures of: ${found.reason}`)
  process.exit(1)
}
const { place, run, share, dispose } = stage()
try {
  const playwright = [process.execPath, join(place, 'node_modules/@playwright/test/cli.js'), 'test']
  const [command, ...args] = hasDisplay()
    ? playwright
    : ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24', ...playwright]
  process.exitCode = run(command, [...args, '--config', 'playwright.shots.config.ts', ...process.argv.slice(2)], {
    RUNDESK_TEST_ELECTRON: share(found).binary,
  })
  const shots = join(root, '.cache', 'shots')
  if (place !== root) {
    rmSync(shots, { recursive: true, force: true })
    cpSync(join(place, '.cache', 'shots'), shots, { recursive: true })
  }
  say(`the pictures lie in ${shots}`)
} finally {
  dispose()
}
