import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { root, run } from './lib.mjs'

const testUser = 65534
const isRoot = process.getuid?.() === 0

/**
 * Where the project is tested. As root that is a copy that an unprivileged user owns, since root is never refused, and
 * the window's sandbox does not start as root. `run` runs a command there as that user; `share` makes an Electron runtime
 * available to it, which may lie where that user cannot enter; `dispose` removes the copy.
 */
export function stage() {
  if (!isRoot) {
    return {
      place: root,
      run: (command, args, env = {}) => run(command, args, { env: { ...process.env, ...env } }),
      share: (electron) => electron,
      dispose: () => undefined,
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'rundesk-stage-'))
  chmodSync(folder, 0o755)
  const copy = join(folder, 'rundesk')
  cpSync(root, copy, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    filter: (from) => ![join(root, '.git'), join(root, 'dist'), join(root, '.cache')].includes(from),
  })
  mkdirSync(join(folder, 'home'))
  const give = (path) => spawnSync('chown', ['-R', `${testUser}:${testUser}`, path])
  give(folder)
  const home = join(folder, 'home')
  const owned = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    // npm names its cache to all that it starts; that of root is closed to the test user.
    npm_config_cache: join(home, '.npm'),
  }
  return {
    place: copy,
    run: (command, args, env = {}) =>
      run('setpriv', [`--reuid=${testUser}`, `--regid=${testUser}`, '--clear-groups', command, ...args], {
        cwd: copy,
        env: { ...process.env, ...env, ...owned },
      }),
    share: ({ binary, dist }) => {
      const electron = join(folder, 'electron')
      cpSync(join(binary, '..'), join(electron, 'run'), { recursive: true })
      cpSync(dist, join(electron, 'dist'), { recursive: true })
      give(electron)
      return { binary: join(electron, 'run', basename(binary)), dist: join(electron, 'dist') }
    },
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  }
}
