import { cp, link, mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createPackage, extractAll } from '@electron/asar'
import { packagedProgram } from './packagedApp'

/**
 * Lays the package into the new folder `to`, with what `change` makes of the files of its archive, and gives its program.
 * On Linux Electron does not look whether the archive is the one that was built.
 */
export async function changedPackage(to: string, change: (archived: string) => Promise<void>): Promise<string> {
  const packaged = dirname(packagedProgram())
  await linkFolder(packaged, to)
  const archived = await mkdtemp(`${to}-archived-`)
  extractAll(join(packaged, 'resources', 'app.asar'), archived)
  await change(archived)
  await createPackage(archived, join(to, 'resources', 'app.asar'))
  return join(to, 'rundesk')
}

/** The same files under another folder, but the app's own archive. */
async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.name.startsWith('app.asar')) continue
    if (entry.isDirectory()) await linkFolder(source, target)
    else await link(source, target).catch(() => cp(source, target))
  }
}
