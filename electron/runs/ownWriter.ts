import type { Durability } from '../files/appender'
import { errnoCode } from '../files/errnoCode'
import type { Journal } from '../files/journal'
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

/** Brings our lines from memory into the file, in order, as soon as the disk lets it. */
export interface OwnWriter {
  /** Writes the lines of ours that wait, behind all that are on their way already. What the disk refuses waits again. */
  readonly flush: (durability: Durability) => Promise<void>
  /** Tries again what the disk refused: to write it, or to sync what stands there already. */
  readonly recover: () => Promise<void>
  readonly failure: () => { readonly since: string; readonly message: string } | null
  readonly degraded: () => Degradation | null
  readonly onFailure: (listener: (failure: WriteFailure) => void) => () => void
}

/** `refresh` reads what stands in the file; `touch` is told the runs, or '', of which something changed. */
export function createOwnWriter({
  file,
  journal,
  memory,
  refresh,
  touch,
}: {
  readonly file: string
  readonly journal: Journal
  readonly memory: RunMemory
  readonly refresh: () => Promise<void>
  readonly touch: (runId: string) => void
}): OwnWriter {
  const { own } = memory
  const listeners = new Set<(failure: WriteFailure) => void>()
  let failure: { since: string; message: string } | null = null
  let unsynced = false

  const refused = (error: Error): void => {
    failure ??= { since: new Date().toISOString(), message: unwritable(file, error) }
    for (const id of own.refusedIds()) touch(id)
    touch('')
    for (const listener of listeners) listener({ path: file, error })
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
      refused(error)
    } else settle()
    if (!own.isEmpty()) await refresh()
  }

  return {
    flush,
    recover: async () => {
      if (unsynced) {
        try {
          await journal.resync()
        } catch (error) {
          refused(error instanceof Error ? error : new Error(String(error)))
          return
        }
        unsynced = false
      }
      await flush('synced')
      settle()
    },
    failure: () => failure,
    degraded: () => (failure ? { ...failure, unsavedRows: own.refused() } : null),
    onFailure: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** What a person is told of a path that cannot be written. */
export function unwritable(path: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error)
  return `${path} cannot be written (${errnoCode(error) ?? why}).`
}
