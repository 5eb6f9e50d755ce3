import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = resolve(fileURLToPath(new URL('..', import.meta.url)))

export const say = (message) => process.stderr.write(`rundesk: ${message}\n`)

/** Runs a command in the project's folder with its output shown; gives its exit code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error) say(`${command} could not be started: ${error.message}`)
  return status ?? 1
}

/** Starts a command, forwards interrupts to it, and gives its exit code when it has ended. */
export function follow(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  return new Promise((done) => child.on('exit', (code) => done(code ?? 1)))
}

/** Installs the npm packages when they are missing or older than the lock file. */
export function installIfNeeded() {
  const marker = join(root, 'node_modules', '.package-lock.json')
  const fresh = existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  if (fresh) return
  say('installing the npm packages')
  const code = run('npm', ['ci', '--no-audit', '--no-fund'], {
    env: { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' },
  })
  if (code !== 0) process.exit(code)
}

/** Builds when a source is newer than what was built. */
export function buildIfNeeded() {
  const built = join(root, 'out', 'main', 'cli.cjs')
  const newest = Math.max(
    ...['shared', 'electron', 'renderer', 'package.json', 'electron.vite.config.ts'].map((name) =>
      newestMs(join(root, name)),
    ),
  )
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return
  say('building')
  const code = run(process.execPath, [
    join(root, 'node_modules/electron-vite/bin/electron-vite.js'),
    'build',
    '--logLevel',
    'warn',
  ])
  if (code !== 0) process.exit(code)
}

function newestMs(path) {
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}

/** The official Electron of this project, when its binary is here or can be fetched; else why not. */
export function officialElectron() {
  const folder = join(root, 'node_modules', 'electron')
  const find = () => {
    const name = join(folder, 'path.txt')
    const binary = existsSync(name) ? join(folder, 'dist', readFileSync(name, 'utf8').trim()) : ''
    return binary !== '' && existsSync(binary) ? binary : undefined
  }
  const here = find()
  if (here) return { binary: here }
  const { status } = spawnSync(process.execPath, [join(folder, 'install.js')], {
    cwd: root,
    stdio: 'ignore',
    timeout: 120_000,
  })
  const fetched = status === 0 ? find() : undefined
  return fetched ? { binary: fetched } : { reason: "Electron's binary is not here and could not be downloaded" }
}

/** Is there a display that a window could open on? */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}
