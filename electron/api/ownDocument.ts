import { copyFile, mkdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import type { DocumentTrouble } from '../../shared/settings'
import { causeOf } from '../../shared/systemErrors'
import { asidePath } from '../files/asidePath'
import { writeFileAtomic } from '../files/atomicWrite'
import { errnoCode } from '../files/errnoCode'
import { withFileLock } from '../files/fileLock'
import { createFolderWatch } from '../files/folderWatch'
import { createPacedLook } from '../files/pacedLook'

/** What could be understood of a stored document, and the names of its parts that could not. */
export interface Salvaged<T> {
  readonly value: T
  readonly lost: readonly string[]
}

/** A small versioned document of Rundesk's own in its data folder, kept in memory and shared by all its processes. */
export interface OwnDocument<T> {
  readonly get: () => T
  /** What is wrong with the file; null when it is fine. */
  readonly trouble: () => DocumentTrouble | null
  /**
   * Writes the change before it counts. Unknown parts of the file stay; a damaged file is kept as `<name>.corrupt-<time>`.
   * Throws `unreadable`, changing nothing, when the file is of a newer Rundesk or cannot be read.
   */
  readonly update: (change: (current: T) => T) => Promise<T>
  readonly close: () => void
}

type Stored = Readonly<Record<string, unknown>>
/** What one look at the file gave. */
interface Look<T> {
  readonly value: T
  readonly raw: Stored
  readonly trouble: DocumentTrouble | null
}

/** How often the file is looked at for changes of other processes, in ms: rarely where the system tells of them. */
const pauseMs = { told: 10_000, untold: 1_000 } as const

/**
 * Opens a document; a missing file is `initial`. Never throws for what stands in the file: what can be understood of it
 * is used, and `trouble` tells the rest. With `watch` changes of other processes are followed and told to `onChange`.
 */
export async function openOwnDocument<T extends { readonly version: number }>({
  path,
  initial,
  salvage,
  watch,
  onChange,
}: {
  readonly path: string
  readonly initial: T
  /** Reads each part by itself. `text` is given when the document as a whole cannot be read. */
  readonly salvage: (stored: Stored, text?: string) => Salvaged<T>
  readonly watch: boolean
  readonly onChange: () => void
}): Promise<OwnDocument<T>> {
  let seen = ''
  let kept: DocumentTrouble | null = null

  const look = async (): Promise<Look<T>> => {
    const problem = (kind: DocumentTrouble['kind'], message: string): DocumentTrouble => ({ kind, path, message })
    let text: string
    try {
      seen = await stampOf(path)
      text = await readFile(path, 'utf8')
    } catch (error) {
      if (errnoCode(error) === 'ENOENT') return { value: initial, raw: {}, trouble: null }
      const message = `${path} cannot be read (${causeOf(error)}). The defaults hold. Mend that, or name another folder with --data-dir.`
      return { value: initial, raw: {}, trouble: problem('unreadable', message) }
    }
    const raw = toObject(text)
    if (!raw) {
      const { value } = salvage({}, text)
      return { value, raw: {}, trouble: problem('damaged', `${path} is damaged, so the defaults hold. ${asideWords}`) }
    }
    const { value, lost } = salvage(raw)
    if (typeof raw.version === 'number' && raw.version > initial.version) {
      const message = `${path} was written by a newer Rundesk (version ${raw.version}), so it is not changed. Update Rundesk to change it.`
      return { value, raw, trouble: problem('newer', message) }
    }
    if (lost.length === 0) return { value, raw, trouble: null }
    const message = `${path} holds something else than it should in ${lost.join(', ')}; the defaults hold there. ${asideWords}`
    return { value, raw, trouble: problem('damaged', message) }
  }
  let current = await look()

  const refresh = async (): Promise<number> => {
    const isTold = await folder.renew()
    const stamp = await stampOf(path).catch(() => '')
    if (stamp !== seen) {
      seen = stamp
      current = await look()
      onChange()
    }
    return isTold ? pauseMs.told : pauseMs.untold
  }
  const following = createPacedLook({ look: refresh, restMs: 200 })
  const folder = createFolderWatch({
    folders: [{ path: dirname(path), names: [basename(path)] }],
    file: path,
    onTold: following.tell,
  })
  if (watch) following.start(0)

  return {
    get: () => current.value,
    trouble: () => current.trouble ?? kept,
    update: (change) =>
      withFileLock(`${path}.lock`, async () => {
        const found = await look()
        const { trouble } = found
        if (trouble && trouble.kind !== 'damaged') {
          current = found
          throw new RundeskError('unreadable', trouble.message)
        }
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        if (trouble) kept = await keepAside(path)
        const value = change(found.value)
        const raw = { ...found.raw, ...value }
        await writeFileAtomic(path, `${JSON.stringify(raw, null, 2)}\n`, { forUserAlone: true })
        seen = await stampOf(path).catch(() => '')
        current = { value, raw, trouble: null }
        onChange()
        return value
      }),
    close: () => {
      following.close()
      folder.close()
    },
  }
}

const asideWords = 'It is kept aside at the next change.'

async function keepAside(path: string): Promise<DocumentTrouble> {
  const aside = asidePath(path)
  await copyFile(path, aside)
  return {
    kind: 'kept',
    path,
    message: `${path} was damaged. It is kept as ${aside}; delete it when you need it no more.`,
  }
}

/** Other for every version of the file. Throws what the system throws when there is none. */
async function stampOf(path: string): Promise<string> {
  const { ino, mtimeMs, size } = await stat(path)
  return `${ino} ${mtimeMs} ${size}`
}

function toObject(text: string): Stored | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
