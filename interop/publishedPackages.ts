import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withFileLock } from '../electron/files/fileLock'
import { runNpm } from './npmRegistry'

/** The published packages that share their files with Rundesk, at the versions that docs/formats.md describes. */
const wanted = ['@agent-relay/sdk@6.3.6', '@relayflows/core@1.0.5'] as const
const folder = fileURLToPath(new URL('../.cache/interop', import.meta.url))
const installMs = 300_000
const flags = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund']

/** A published package that runs workflows. */
export interface PublishedPackage {
  readonly name: 'the sdk' | 'relayflows'
  /** Its command line, a script for Node. */
  readonly cli: string
  /** Its folder, with its dependencies beside it. */
  readonly dir: string
  /** The module with `JsonFileWorkflowDb`. */
  readonly fileDb: string
}

/** The packages, or why they could not be fetched. */
export type Published =
  | { readonly kind: 'installed'; readonly packages: readonly [PublishedPackage, PublishedPackage] }
  | { readonly kind: 'unreachable'; readonly reason: string }

/**
 * Installs the published packages from npm into a folder of their own, once; none of their scripts run. `unreachable`
 * means that the registry did not answer; whatever else goes wrong is thrown, and with `CI` set that is, too.
 */
export async function installPublished(): Promise<Published> {
  await mkdir(folder, { recursive: true })
  return withFileLock(join(folder, 'install.lock'), install, { waitMs: installMs })
}

async function install(): Promise<Published> {
  const name = wanted.join('+').replaceAll(/[@/]+/g, '-')
  const modules = join(folder, name, 'node_modules')
  if (!existsSync(modules)) {
    for (const old of await readdir(folder)) {
      if (old !== 'install.lock') await rm(join(folder, old), { recursive: true, force: true })
    }
    const place = join(folder, 'unfinished')
    await mkdir(place)
    await writeFile(join(place, 'package.json'), '{"private":true}')
    const refused = await runNpm(['install', ...flags, ...wanted], place)
    if (refused !== null) return { kind: 'unreachable', reason: refused }
    await rename(place, join(folder, name))
  }
  const [sdkDir, coreDir] = [join(modules, '@agent-relay/sdk'), join(modules, '@relayflows/core')]
  const [sdk, core] = [join(sdkDir, 'dist/workflows'), join(coreDir, 'dist')]
  return {
    kind: 'installed',
    packages: [
      { name: 'the sdk', dir: sdkDir, cli: join(sdk, 'cli.js'), fileDb: join(sdk, 'file-db.js') },
      { name: 'relayflows', dir: coreDir, cli: join(core, 'cli.js'), fileDb: join(core, 'file-db.js') },
    ],
  }
}
