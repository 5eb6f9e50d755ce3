import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeFileAtomic } from '../../files/atomicWrite'
import { errnoCode } from '../../files/errnoCode'

export interface TrackedFile {
  readonly revision: string
  readonly contentType: string
  readonly hash: string
  readonly dirty?: boolean
}

/** Writes a file of the mount atomically and makes its folders. */
export async function put(path: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomic(path, data)
}

/** Reads a JSON object; undefined when it is missing or unreadable. */
export async function readObject(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || errnoCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The remote paths of all local files, without those whose name, or folder's name, starts with a dot. */
export async function localPaths(root: string, under = ''): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(root, under), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    const path = `${under}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await localPaths(root, path)))
    else if (entry.isFile()) found.push(path)
  }
  return found
}
