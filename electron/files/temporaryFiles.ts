import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { hostIdentity, isProcessAlive } from './processIdentity'

/** A process id means nothing on another machine, so the name of a temporary file tells where its writer runs. */
const hostTag = createHash('sha256').update(hostIdentity).digest('hex').slice(0, 6)
const temporary = new RegExp(`^\\..+\\.tmp-(\\d+)-${hostTag}[0-9a-f]{10}$`)

/** A new name beside a file for what is to become it: hidden, never used before, and naming the process that writes it. */
export function temporaryPath(path: string): string {
  const unique = hostTag + randomBytes(5).toString('hex')
  return join(dirname(path), `.${basename(path)}.tmp-${process.pid}-${unique}`)
}

/** The temporary files that writers of this folder on this machine left behind when they died. Never throws. */
export async function staleTemporaries(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => {
      const pid = temporary.exec(name)?.[1]
      return pid !== undefined && !isProcessAlive(Number(pid))
    })
    .map((name) => join(folder, name))
}

/** Removes them. Never throws. */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  for (const path of await staleTemporaries(folder)) await rm(path, { force: true }).catch(() => undefined)
}

const looked = new Set<string>()

/** The same, but only the first time that this process works in the folder. */
export async function removeStaleTemporariesOnce(folder: string): Promise<void> {
  if (looked.has(folder)) return
  looked.add(folder)
  await removeStaleTemporaries(folder)
}

const folderName = new RegExp(`^rundesk-run-(\\d+)-${hostTag}-`)

/**
 * A new folder of this process alone among the system's temporary files, or in `root`. Those that dead processes left there
 * are removed. Throws the system's error.
 */
export async function makeScratchFolder(root = tmpdir()): Promise<string> {
  for (const name of await readdir(root).catch(() => [])) {
    const pid = folderName.exec(name)?.[1]
    if (pid === undefined || isProcessAlive(Number(pid))) continue
    await rm(join(root, name), { recursive: true, force: true }).catch(() => undefined)
  }
  return mkdtemp(join(root, `rundesk-run-${process.pid}-${hostTag}-`))
}
