import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the tools that Rundesk is compared with lie, null for one that could not be fetched. */
export interface Peers {
  /** The published run store, `dist/workflows/file-db.js`. */
  readonly runStore: string | null
  /** The published runner's command, `dist/workflows/cli.js`, with what it depends on. */
  readonly runner: string | null
  readonly trajectories056: string | null
  readonly trajectories061: string | null
}

/** Fetches the peers from the npm registry into `dir`, once. They are never a dependency of Rundesk. */
export async function getPeers(dir: string): Promise<Peers> {
  mkdirSync(dir, { recursive: true })
  const sdk = unpack(dir, '@agent-relay/sdk@6.3.6')
  const runStore = sdk && join(sdk, 'dist/workflows/file-db.js')
  return {
    runStore: runStore && existsSync(runStore) ? runStore : null,
    runner: install(dir, '@agent-relay/sdk@6.3.6', '@agent-relay/sdk/dist/workflows/cli.js'),
    trajectories056: install(dir, 'agent-trajectories@0.5.6', 'agent-trajectories'),
    trajectories061: install(dir, 'agent-trajectories@0.6.1', 'agent-trajectories'),
  }
}

/** A package's own files, without its dependencies. */
function unpack(dir: string, name: string): string | null {
  const folder = join(dir, name.replaceAll(/[@/]/g, '-').replace(/^-/, ''))
  if (existsSync(join(folder, 'package'))) return join(folder, 'package')
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('npm', ['pack', name, '--pack-destination', folder], { stdio: 'ignore' })
    const archive = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? ''
    execFileSync('tar', ['-xzf', join(folder, archive), '-C', folder])
    return join(folder, 'package')
  } catch {
    return null
  }
}

/** A path in a package that is installed with its dependencies, none of whose scripts run. */
function install(dir: string, name: string, path: string): string | null {
  const folder = join(dir, name.replaceAll(/[@/]/g, '-'))
  const found = join(folder, 'node_modules', path)
  if (existsSync(found)) return found
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  try {
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', name], {
      cwd: folder,
      stdio: 'ignore',
    })
    return found
  } catch {
    return null
  }
}
