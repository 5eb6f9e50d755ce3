import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { syncFolder, writeFileAtomic } from '../files/atomicWrite'
import { isMissing, isSameStamp, readBounded, type Stamp, stampOf, statOf } from '../files/boundedRead'
import { withFileLock } from '../files/fileLock'
import { type IndexDocument, type IndexReading, parseIndex, salvageCompactions, toIndexText } from './indexDocument'
import { createIndexJournal, type IndexLine } from './indexJournal'
import { type IndexFacts, mergeLines, toEntry } from './indexMerge'
import { mustStayInside } from './stayInside'

/** What to do with the entries of the index, under its lock. Gives how many changed. */
export type IndexChange = (entries: Map<string, unknown>) => Promise<number>

/** The shared index of a folder (`index.json`), and the journal of saves beside it. */
export interface TrajectoryIndex {
  /** Makes a save or removal durable for the index, which itself is rewritten within a second. */
  readonly note: (line: IndexLine) => Promise<void>
  /** The index as it stands, with the saves that it does not have yet. Changes nothing; never throws. */
  readonly look: () => Promise<{ readonly reading: IndexReading; readonly lines: ReadonlyMap<string, IndexLine> }>
  /** Brings the index in step with the journal now; a malformed one is kept aside and built anew. */
  readonly flush: () => Promise<void>
  /** As `flush`, and then makes the change. `keptAside` is where a malformed index went. */
  readonly rewrite: (change: IndexChange) => Promise<{ readonly keptAside: string | null }>
  /** Why the index could not be rewritten, or null. */
  readonly trouble: () => string | null
  /** Writes what is due and stops. */
  readonly close: () => Promise<void>
}

const ownFolderName = '.rundesk'
/** How long saves are collected before the index is rewritten, in ms. */
const collectMs = 800
const retryMs = 5_000
/** Another tool writes its index in place: what looks damaged may be half written. */
const secondLookMs = 50
const looks = 3
const settledMs = 2_000
const maxIndexBytes = 256 * 1024 * 1024
/** The journal begins anew when it is larger than this and twice the index. */
const journalBytes = 256 * 1024

/**
 * Opens the index of `root`. `filesOf` gives what the files tell, by id: an index that is missing, empty or malformed is
 * built from it. `wanted` tells whether the folder's layout has an index when there is none.
 */
export function createTrajectoryIndex({
  root,
  filesOf,
  wanted,
}: {
  readonly root: string
  readonly filesOf: () => Promise<ReadonlyMap<string, IndexFacts>>
  readonly wanted: () => Promise<boolean>
}): TrajectoryIndex {
  const path = join(root, 'index.json')
  const ownFolder = join(root, ownFolderName)
  const journal = createIndexJournal(ownFolder)
  let seen: { readonly stamp: Stamp; readonly reading: IndexReading } | undefined
  let timer: NodeJS.Timeout | undefined
  let due = false
  let trouble: string | null = null
  let isPrepared = false
  let going = Promise.resolve()

  /** Trajectories are often kept in git; what is Rundesk's own is not for it. */
  const prepareOwnFolder = async (): Promise<void> => {
    if (isPrepared) return
    await mustStayInside(root, ownFolderName)
    await mkdir(ownFolder, { recursive: true, mode: 0o755 })
    await writeFile(join(ownFolder, '.gitignore'), '*\n', { flag: 'wx', mode: 0o644 }).catch(() => undefined)
    isPrepared = true
  }

  const read = async (): Promise<IndexReading> => {
    try {
      const stats = await stat(path)
      if (seen && isSameStamp(seen.stamp, stampOf(stats))) return seen.reading
      const { text, stamp } = await readBounded(path, maxIndexBytes)
      seen = { stamp, reading: await parseIndex(text) }
      return seen.reading
    } catch (error) {
      seen = undefined
      if (isMissing(error)) return { kind: 'none' }
      throw error
    }
  }
  const readTwice = async (): Promise<IndexReading> => {
    let reading = await read()
    const isYoung = (): boolean => seen !== undefined && Date.now() - seen.stamp.mtimeMs < settledMs
    for (let look = 1; look < looks && reading.kind === 'malformed' && isYoung(); look++) {
      await sleep(secondLookMs)
      reading = await read()
    }
    return reading
  }

  const rebuilt = async (reading: IndexReading): Promise<IndexDocument> => {
    const compactions = reading.kind === 'malformed' ? salvageCompactions(reading.text) : new Map<string, string>()
    const entries = new Map<string, unknown>()
    for (const [id, facts] of await filesOf())
      entries.set(id, toEntry(root, { ...facts, compactedInto: facts.compactedInto ?? compactions.get(id) }, undefined))
    return { rest: {}, entries }
  }

  const write = async (document: IndexDocument): Promise<void> => {
    const found = await statOf(path)
    if (found && !found.isFile())
      throw new RundeskError('refused', `${path} is no plain file: it is not written. Put a plain file there.`)
    const data = Buffer.from(await toIndexText(document, new Date().toISOString()))
    await writeFileAtomic(path, data)
    const stats = await statOf(path)
    if (stats?.size === data.length) seen = { stamp: stampOf(stats), reading: { kind: 'index', document } }
  }

  const keepAside = async (): Promise<string> => {
    const aside = `${path}.corrupt-${new Date().toISOString().replaceAll(':', '-')}`
    await rename(path, aside)
    await syncFolder(root)
    return aside
  }

  const rewriteLocked = async (change: IndexChange): Promise<{ readonly keptAside: string | null }> => {
    await journal.refresh()
    const reading = await readTwice()
    if (reading.kind === 'newer') throw new RundeskError('refused', `${path} ${reading.message}: it is left as it is.`)
    if (reading.kind === 'none' && !(await wanted())) return { keptAside: null }
    const document = reading.kind === 'index' ? reading.document : await rebuilt(reading)
    const keptAside = reading.kind === 'malformed' ? await keepAside() : null
    const before = seen
    seen = undefined // What changes now is not what the file holds, until it is written.
    const merged = await mergeLines(root, document.entries, journal.latest())
    const changed = merged + (await change(document.entries))
    if (reading.kind === 'index' && changed === 0) seen = before
    else await write(document)
    await rotate(document)
    return { keptAside }
  }

  const rotate = async (document: IndexDocument): Promise<void> => {
    const indexBytes = (await statOf(path))?.size ?? 0
    if (journal.sizeBytes() < Math.max(journalBytes, 2 * indexBytes)) return
    await journal.rotate(async () => {
      if ((await mergeLines(root, document.entries, journal.latest())) > 0) await write(document)
    })
  }

  const rewrite: TrajectoryIndex['rewrite'] = (change) => {
    const done = rewriteNow(change)
    going = done.then(
      () => undefined,
      () => undefined,
    )
    return done
  }
  const rewriteNow: TrajectoryIndex['rewrite'] = async (change) => {
    clearTimeout(timer)
    timer = undefined
    due = false
    try {
      if (!(await statOf(root))) return { keptAside: null } // Another tool moved or removed the folder.
      if (!(await statOf(path)) && !(await wanted())) return { keptAside: null }
      await prepareOwnFolder()
      const result = await withFileLock(join(ownFolder, 'index.lock'), () => rewriteLocked(change))
      trouble = null
      return result
    } catch (error) {
      trouble = inWords(path, error)
      throw error
    }
  }
  const flush = async (): Promise<void> => {
    await rewrite(async () => 0)
  }
  const schedule = (delayMs: number): void => {
    due = true
    if (timer) return
    timer = setTimeout(() => {
      timer = undefined
      void flush().catch(() => schedule(retryMs))
    }, delayMs)
    timer.unref()
  }

  return {
    note: async (line) => {
      await prepareOwnFolder()
      await journal.append(line)
      schedule(collectMs)
    },
    look: async () => {
      const unreadable = (error: unknown): IndexReading => ({
        kind: 'unreadable',
        message: `cannot be read (${causeOf(error)})`,
      })
      await journal.refresh().catch(() => undefined)
      return { reading: await readTwice().catch(unreadable), lines: journal.latest() }
    },
    flush,
    rewrite,
    trouble: () => trouble,
    close: async () => {
      clearTimeout(timer)
      await going
      if (due) await flush().catch(() => undefined)
      await journal.close()
    },
  }
}

function inWords(path: string, error: unknown): string {
  if (error instanceof RundeskError) return error.message
  const why = causeOf(error)
  return `${path} cannot be written (${why}). The records themselves are saved; the index follows when it can be written.`
}
