import { access, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Problem } from '../../shared/runs'
import { causeOf } from '../../shared/systemErrors'
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

const text = z.string().optional().catch(undefined)
const recordSchema = z.looseObject({
  name: text,
  id: text,
  relayWorkspaceId: text,
  localDir: z.string().min(1),
  server: text,
})

/** A mirror that relayfile's registry names. */
export interface RegisteredMount {
  readonly name: string
  readonly localDir: string
  /** Every id that the registry gives its workspace. */
  readonly workspaceIds: readonly string[]
  /** The address of its server, where the registry gives one. */
  readonly server: string | null
}

export interface RegistryMounts {
  readonly mounts: readonly RegisteredMount[]
  readonly problems: readonly Problem[]
}

/**
 * The mirrors that relayfile's registry names, each folder once; views are links into a mirror, not mirrors. A missing
 * registry is none; an unreadable one is a problem, never "no failures"; a damaged entry hides no other.
 */
export async function registryMounts(home: string): Promise<RegistryMounts> {
  const path = join(home, '.relayfile', 'workspaces.json')
  const problem = (code: string, message: string): Problem => ({ code, path, line: null, message })
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    if (errnoCode(error) === 'ENOENT' || errnoCode(error) === 'ENOTDIR') return { mounts: [], problems: [] }
    const message = `The registry of mounts cannot be read (${causeOf(error)}), so mounts may be missing here.`
    return { mounts: [], problems: [problem('unreadable_registry', message)] }
  }
  const listed = entriesOf(content)
  if (!listed) {
    const message =
      'The registry of mounts is damaged, so mounts may be missing here. Repair it, or add their folders by hand.'
    return { mounts: [], problems: [problem('unreadable_registry', message)] }
  }
  const problems: Problem[] = []
  const mounts = new Map<string, RegisteredMount>()
  for (const [index, entry] of listed.entries()) {
    if (!hasMirror(entry)) continue
    const parsed = recordSchema.safeParse(entry)
    if (!parsed.success) {
      const message = `Entry ${index + 1} of the registry of mounts is damaged, so a mount may be missing here.`
      problems.push(problem('unreadable_registry', message))
      continue
    }
    const { name, id, relayWorkspaceId, localDir, server } = parsed.data
    const workspaceIds = [id, relayWorkspaceId, name].flatMap((one) => one || [])
    const folder = resolve(localDir)
    const known = mounts.get(folder)
    if (known && !workspaceIds.some((one) => known.workspaceIds.includes(one))) {
      const message = `The registry gives the folder ${folder} to ${known.name} and to ${name ?? id}. It is watched once; remove one of them.`
      problems.push(problem('duplicate_registration', message))
    }
    mounts.set(folder, {
      name: known?.name ?? name ?? id ?? folder,
      localDir: folder,
      workspaceIds: [...new Set([...(known?.workspaceIds ?? []), ...workspaceIds])],
      server: known?.server ?? (server || null),
    })
  }
  return { mounts: [...mounts.values()], problems }
}

/** Undefined when it is no registry. */
function entriesOf(content: string): readonly unknown[] | undefined {
  try {
    const { workspaces } = z.looseObject({ workspaces: z.array(z.unknown()).default([]) }).parse(JSON.parse(content))
    return workspaces
  } catch {
    return undefined
  }
}

/** A workspace without a folder has no mirror on this machine. */
function hasMirror(entry: unknown): boolean {
  return typeof entry !== 'object' || entry === null || !!(entry as { readonly localDir?: unknown }).localDir
}
