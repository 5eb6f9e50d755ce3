import { join } from 'node:path'
import { buildIfNeeded, follow, hasDisplay, installIfNeeded, officialElectron, root, say } from './lib.mjs'

// Opens the app, or with `demo` as first argument the demo: in Electron where that works, else in a browser.
const [what, ...rest] = process.argv.slice(2)
const demo = what === 'demo'
installIfNeeded()
buildIfNeeded()
const electron = hasDisplay() ? officialElectron() : { reason: 'there is no display' }
if (electron.binary) {
  const env = { ...process.env }
  delete env.ELECTRON_RUN_AS_NODE
  process.exitCode = await follow(electron.binary, [root, ...(demo ? ['--demo'] : []), ...rest], { env })
} else {
  say(`${electron.reason}, so it is served to a browser instead.`)
  process.exitCode = await follow(process.execPath, [
    join(root, 'bin', 'rundesk.mjs'),
    demo ? 'demo' : 'serve',
    ...rest,
  ])
}
