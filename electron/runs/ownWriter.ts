import { causeOf } from '../../shared/systemErrors'
import type { Durability } from '../files/appender'
import type { Journal } from '../files/journal'
import { toError } from '../files/toError'
import type { HomeFallback } from './homeFallback'
import type { RunMemory } from './runMemory'

/** A write that the disk refused. */
export interface WriteFailure {
  readonly path: string
  readonly error: Error
}

/** Why rows could not be written, since when, and how many wait. */
export interface Degradation {
  readonly since: string
  readonly message: string
  readonly unsavedRows: number
}

/** Since when the disk refuses, and what it said last; the error is null where only an earlier process knows it. */
interface Refusal {
  readonly since: string
  readonly message: string
  readonly error: Error | null
}

/** Brings our lines from memory into the file, in order, as soon as the disk lets it. */
export interface OwnWriter {
  /** Writes the lines of ours that wait, behind all that are on their way already. What the disk refuses waits again. */
  readonly flush: (durability: Durability) => Promise<void>
  /** Tries again what the disk refused: to write it, or to sync what stands there already. */
  readonly recover: () => Promise<void>
  /** Keeps lines in the home that the disk refuses with this error. False when it is not allowed, or refuses too. */
  readonly keep: (texts: readonly string[], error: Error | null) => Promise<boolean>
  /** Takes in what an earlier process had to keep in the home. */
  readonly load: () => Promise<void>
  readonly failure: () => Refusal | null
  readonly degraded: () => Degradation | null
  readonly onFailure: (listener: (failure: WriteFailure) => void) => () => void
}

/**
 * `refresh` reads what stands in the file; `touch` is told the runs, or '', of which something changed. What the disk
 * refuses is kept in `fallback` meanwhile, when there is one and `mayKeep` allows it.
 */
export function createOwnWriter({
  file,
  journal,
  memory,
  refresh,
  touch,
  fallback,
  mayKeep,
}: {
  readonly file: string
  readonly journal: Journal
  readonly memory: RunMemory
  readonly refresh: () => Promise<void>
  readonly touch: (runId: string) => void
  readonly fallback: HomeFallback | undefined
  readonly mayKeep: () => boolean
}): OwnWriter {
  const { own } = memory
  const listeners = new Set<(failure: WriteFailure) => void>()
  let failure: (Refusal & { kept: string | null }) | null = null
  let unsynced = false
  let loaded = false
  let keeping = Promise.resolve()

  /** Keeps in the home what nobody keeps, one after the other so that nothing is kept twice. Its own failure is told as the disk's is. */
  const keepRefused = (): Promise<void> => {
    keeping = keeping.then(keepUnkept)
    return keeping
  }
  const keepUnkept = async (): Promise<void> => {
    const lines = own.unkept()
    if (!fallback || !mayKeep() || lines.length === 0) return
    try {
      await fallback.keep(lines.map(({ text }) => text))
      for (const line of lines) line.kept = true
      if (failure) failure.kept = await fallback.path()
    } catch (error) {
      for (const listener of listeners) listener({ path: await fallback.path(), error: toError(error) })
    }
  }
  const refuse = (error: Error | null): string => {
    const message = error ? unwritable(file, error) : `${file} could not be written earlier.`
    const { since = new Date().toISOString(), kept = null } = failure ?? {}
    failure = { since, message, error, kept }
    return message
  }
  const refused = async (error: Error | null): Promise<void> => {
    const message = refuse(error)
    await keepRefused()
    for (const id of own.refusedIds()) touch(id)
    touch('')
    for (const listener of listeners) listener({ path: file, error: error ?? new Error(message) })
  }
  const settle = (): void => {
    if (!failure || unsynced || own.waiting() > 0) return
    failure = null
    touch('')
  }

  const flush = async (durability: Durability): Promise<void> => {
    const batch = own.take()
    if (batch.length === 0) return
    const texts = batch.map(({ text }) => text)
    const { written, error } = await journal.append(texts, durability)
    if (error) {
      own.giveBack(batch.slice(written))
      if (written === batch.length) unsynced = true
      await refused(error)
    } else settle()
    if (!own.isEmpty()) await refresh()
  }

  return {
    flush,
    recover: async () => {
      await keeping
      if (unsynced) {
        try {
          await journal.resync()
        } catch (error) {
          await refused(toError(error))
          return
        }
        unsynced = false
      }
      if (fallback && own.waiting() > 0) {
        await fallback.handOver((texts) => journal.append(texts, 'synced'))
        own.handedOver(new Set(await fallback.read()))
      }
      await flush('synced')
      if (!own.isEmpty()) await refresh()
      settle()
    },
    keep: async (texts, error) => {
      if (!fallback || !mayKeep()) return false
      try {
        await fallback.keep(texts)
      } catch {
        return false
      }
      memory.takeKept(texts)
      await refused(error)
      if (failure) failure.kept = await fallback.path()
      return true
    },
    load: async () => {
      if (loaded) return
      loaded = true
      const texts = (await fallback?.read()) ?? []
      if (!fallback || texts.length === 0) return
      const kept = await fallback.path()
      if (!failure) refuse(null)
      if (failure) failure.kept ??= kept
      memory.takeKept(texts)
      touch('')
    },
    failure: () => failure,
    degraded: () => {
      if (!failure) return null
      const { since, message, kept } = failure
      const where = kept === null ? '' : ` They are kept in ${kept}.`
      return { since, message: `${message}${where}`, unsavedRows: own.refused() }
    },
    onFailure: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** What a person is told of a path that cannot be written. */
export function unwritable(path: string, error: unknown): string {
  return `${path} cannot be written (${causeOf(error)}).`
}
