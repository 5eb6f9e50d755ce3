import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { narrow } from '../files/privateFolder'
import { defaultDataDir } from './defaultDataDir'

/** What lies in a data folder, and what was put aside or is being written of it. */
const own = /^\.?(settings|workspaces|views|notices|window)\.json|^(snapshots|cache|slots|history|backups|chromium)$/

/**
 * Takes from what earlier versions, or copies, left in the data folder with wider modes what others may do with it. A folder
 * that the user named may hold other things, and is itself left as it is. Never throws.
 */
export async function narrowDataFolder(dataDir: string): Promise<void> {
  if (dataDir === defaultDataDir()) await narrow(dataDir)
  const names = await readdir(dataDir).catch(() => [])
  await Promise.all(names.filter((name) => own.test(name)).map((name) => narrow(join(dataDir, name))))
}
