import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { writeFileAtomic } from '../files/atomicWrite'
import { errnoCode } from '../files/errnoCode'
import { withFileLock } from '../files/fileLock'

/** A small versioned document of Rundesk's own in its data folder, shared by all its processes. */
export interface JsonFile<T> {
  readonly read: () => Promise<T>
  readonly update: (change: (current: T) => T) => Promise<T>
}

/**
 * Reads and changes one JSON document. A missing file is `initial`. Throws `unreadable`, changing nothing, when the file
 * is damaged (`details.damaged`) or was written by a newer Rundesk. Changes go through a cross-process lock and replace the file atomically;
 * only the user may read it.
 */
export function createJsonFile<T extends { readonly version: number }>({
  path,
  schema,
  initial,
}: {
  readonly path: string
  readonly schema: z.ZodType<T>
  readonly initial: T
}): JsonFile<T> {
  const read = async (): Promise<T> => {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if (errnoCode(error) === 'ENOENT') return initial
      throw new RundeskError(
        'unreadable',
        `${path} cannot be read (${causeOf(error)}). Mend that, or name another folder with --data-dir.`,
        { cause: error },
      )
    }
    return parse(text)
  }
  const parse = (text: string): T => {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      throw new RundeskError('unreadable', `${path} is damaged. Repair it, or move it away to start afresh.`, {
        cause: error,
        details: { damaged: true },
      })
    }
    const result = schema.safeParse(value)
    if (result.success) return result.data
    const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
    if (typeof version === 'number' && version > initial.version) {
      throw new RundeskError(
        'unreadable',
        `${path} was written by a newer Rundesk (version ${version}). Update Rundesk.`,
      )
    }
    throw new RundeskError(
      'unreadable',
      `${path} does not hold what it should. Repair it, or move it away to start afresh.`,
      { details: { damaged: true } },
    )
  }
  return {
    read,
    update: (change) =>
      withFileLock(`${path}.lock`, async () => {
        const next = change(await read())
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await writeFileAtomic(path, `${JSON.stringify(next, null, 2)}\n`, { forUserAlone: true })
        return next
      }),
  }
}
