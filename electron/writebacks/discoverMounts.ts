import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Problem } from '../../shared/runs'
import { errnoCode } from '../files/errnoCode'

/** The mounts of a folder: itself, or those one level down. */
export async function discoverMounts(folder: string): Promise<readonly string[]> {
  if (await isMount(folder)) return [folder]
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const mounts: string[] = []
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === 'node_modules' || entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (await isMount(path)) mounts.push(path)
  }
  return mounts
}

async function isMount(folder: string): Promise<boolean> {
  for (const mark of ['state.json', 'dead-letter', 'outbox']) {
    const found = await access(join(folder, '.relay', mark)).then(
      () => true,
      () => false,
    )
    if (found) return true
  }
  return false
}

const registrySchema = z.looseObject({
  workspaces: z
    .array(z.looseObject({ name: z.string().optional(), id: z.string().optional(), localDir: z.string().optional() }))
    .default([]),
})

export interface RegistryMounts {
  readonly mounts: readonly { readonly name: string; readonly localDir: string }[]
  readonly problems: readonly Problem[]
}

/** The mirrors that relayfile's registry names. A missing registry is none; an unreadable one is a problem, never "no failures". */
export async function registryMounts(home: string): Promise<RegistryMounts> {
  const path = join(home, '.relayfile', 'workspaces.json')
  const problem = (message: string): RegistryMounts => ({
    mounts: [],
    problems: [{ code: 'unreadable_registry', path, line: null, message }],
  })
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (errnoCode(error) === 'ENOENT' || errnoCode(error) === 'ENOTDIR') return { mounts: [], problems: [] }
    return problem(`The registry of mounts cannot be read (${errnoCode(error)}), so mounts may be missing here.`)
  }
  try {
    const { workspaces } = registrySchema.parse(JSON.parse(text))
    const mounts = workspaces.flatMap(({ name, id, localDir }) =>
      localDir ? [{ name: name ?? id ?? localDir, localDir }] : [],
    )
    return { mounts, problems: [] }
  } catch {
    return problem(
      'The registry of mounts is damaged, so mounts may be missing here. Repair it, or add their folders by hand.',
    )
  }
}
