import { statNow } from '../files/boundedRead'
import { createBreath } from '../files/breath'
import { type ConflictCopy, pathsOfCopy } from './conflictCopies'
import { type DeadLetter, type DeadLetterFile, isSidecar, recordName, sidecarName, toDeadLetter } from './deadLetters'
import { type OutboxFolder, outboxFolders } from './foldItem'
import { cleanPath, splitPaths, toLocalPath } from './mountPaths'
import type { CachedFile, FileChange } from './recordFolder'
import type { OutboxRecord } from './recordSchemas'
import type { UnreadableRecord } from './unreadableItem'

/** The evidence of one path, as files by name. */
export interface PathFiles {
  readonly letters: ReadonlyMap<string, DeadLetter>
  readonly outbox: Readonly<Record<OutboxFolder, ReadonlyMap<string, CachedFile<OutboxRecord>>>>
}

/** Most paths have evidence of one kind only: a map is made when the first file comes. */
interface OwnFiles {
  letters: Map<string, DeadLetter>
  outbox: Readonly<Record<OutboxFolder, Map<string, CachedFile<OutboxRecord>>>>
}
const noCopies: readonly ConflictCopy[] = []
const noLetters = new Map<string, DeadLetter>()
const noRecords = new Map<string, CachedFile<OutboxRecord>>()
const noOutbox = { pending: noRecords, failed: noRecords, acked: noRecords } as const

/** Which records tell of which path. Every change gives the paths that are to be folded again. */
export interface EvidenceIndex {
  readonly takeDead: (
    changes: readonly FileChange<DeadLetterFile>[],
    files: ReadonlyMap<string, CachedFile<DeadLetterFile>>,
  ) => Promise<void>
  readonly takeOutbox: (folder: OutboxFolder, changes: readonly FileChange<OutboxRecord>[]) => Promise<void>
  readonly takeCopies: (names: readonly string[], copies: ReadonlyMap<string, ConflictCopy>) => void
  /** Splits lists of paths again, after other paths became known. */
  readonly splitAgain: () => void
  readonly of: (path: string) => PathFiles | undefined
  readonly copiesOf: (path: string, copies: ReadonlyMap<string, ConflictCopy>) => readonly ConflictCopy[]
  readonly paths: () => Iterable<string>
  /** The paths that a dead letter belongs to. */
  readonly pathsOf: (file: string) => readonly string[]
  /** Records that cannot be read or name no path, by where they lie. */
  readonly unreadable: ReadonlyMap<string, { readonly record: UnreadableRecord; readonly letter: DeadLetter | null }>
  /** The paths, and the places of unreadable records, that changed since the last call. */
  readonly takeDirty: () => { readonly paths: Set<string>; readonly unreadable: ReadonlySet<string> }
}

export function createEvidenceIndex({
  localDir,
  remoteRoot,
  isListed,
}: {
  readonly localDir: string
  readonly remoteRoot: () => string
  /** Does the mount's own state name this path? */
  readonly isListed: (path: string) => boolean
}): EvidenceIndex {
  const byPath = new Map<string, OwnFiles>()
  const letters = new Map<string, { readonly letter: DeadLetter; readonly paths: readonly string[] }>()
  const joined = new Set<string>()
  const copiesByPath = new Map<string, Set<string>>()
  const unreadable = new Map<string, { readonly record: UnreadableRecord; readonly letter: DeadLetter | null }>()
  let dirty = new Set<string>()
  let dirtyUnreadable = new Set<string>()

  const filesOf = (path: string): OwnFiles => {
    const known = byPath.get(path)
    if (known) return known
    const made = { letters: noLetters, outbox: noOutbox }
    byPath.set(path, made)
    return made
  }
  const addLetter = (path: string, letter: DeadLetter): void => {
    const files = filesOf(path)
    if (files.letters === noLetters) files.letters = new Map()
    files.letters.set(letter.file, letter)
    dirty.add(path)
  }
  const addRecord = (folder: OutboxFolder, path: string, file: CachedFile<OutboxRecord>): void => {
    const files = filesOf(path)
    if (files.outbox[folder] === noRecords) files.outbox = { ...files.outbox, [folder]: new Map() }
    files.outbox[folder].set(file.name, file)
    dirty.add(path)
  }
  const tidy = (path: string): void => {
    const files = byPath.get(path)
    if (files && files.letters.size === 0 && outboxFolders.every((folder) => files.outbox[folder].size === 0))
      byPath.delete(path)
  }
  const isThere = (path: string): boolean => {
    const local = toLocalPath(localDir, remoteRoot(), path)
    return local !== null && statNow(local)?.isDirectory() === false
  }
  const isKnown = (path: string): boolean => {
    const files = byPath.get(path)
    if (files && outboxFolders.some((folder) => files.outbox[folder].size > 0)) return true
    return isListed(path) || isThere(path)
  }

  const put = (letter: DeadLetter): void => {
    const paths = splitPaths(letter.record.path ?? '', isKnown)
    letters.set(letter.file, { letter, paths })
    if (letter.record.path?.includes(',')) joined.add(letter.file)
    for (const path of paths) addLetter(path, letter)
  }
  const drop = (file: string): void => {
    const known = letters.get(file)
    if (!known) return
    for (const path of known.paths) {
      byPath.get(path)?.letters.delete(file)
      tidy(path)
      dirty.add(path)
    }
    letters.delete(file)
    joined.delete(file)
  }
  const remember = (at: string, record: UnreadableRecord, letter: DeadLetter | null): void => {
    unreadable.set(at, { record, letter })
    dirtyUnreadable.add(at)
  }
  const forget = (at: string): void => {
    if (unreadable.size > 0 && unreadable.delete(at)) dirtyUnreadable.add(at)
  }
  const foldLetter = (name: string, files: ReadonlyMap<string, CachedFile<DeadLetterFile>>): void => {
    drop(name)
    const at = `dead-letter/${name}`
    forget(at)
    const file = files.get(name)
    if (!file || isSidecar(file)) return
    const letter = toDeadLetter(file, files.get(sidecarName(name))) ?? null
    const reason = file.error ?? (letter?.record.path?.trim() ? null : 'names no path')
    if (letter && reason === null) put(letter)
    else {
      const { path, stamp } = file
      const record = { folder: 'dead-letter', file: name, path, stamp, reason: reason ?? 'names no path' } as const
      remember(at, record, letter)
    }
  }
  const owner = (name: string): string | undefined => {
    const candidates = pathsOfCopy(name, remoteRoot())
    return candidates.find((path) => byPath.has(path) || isListed(path)) ?? candidates[0]
  }

  return {
    unreadable,
    takeDead: async (changes, files) => {
      const breathe = createBreath()
      const changed = new Set(changes.map(({ name }) => name))
      for (const { name } of changes) {
        const pause = breathe()
        if (pause) await pause
        foldLetter(name, files)
        const record = name.endsWith('.error.json') ? recordName(name) : name
        if (!changed.has(record)) foldLetter(record, files)
      }
    },
    takeOutbox: async (folder, changes) => {
      const breathe = createBreath()
      for (const { name, before, after } of changes) {
        const pause = breathe()
        if (pause) await pause
        const old = before?.value && cleanPath(before.value.remotePath)
        if (old !== undefined) {
          byPath.get(old)?.outbox[folder].delete(name)
          dirty.add(old)
        }
        const at = `outbox/${folder}/${name}`
        forget(at)
        if (after?.value) {
          addRecord(folder, cleanPath(after.value.remotePath), after)
        } else if (after && folder !== 'acked') {
          const { path, stamp, error } = after
          const reason = error ?? 'cannot be read'
          remember(at, { folder: `outbox/${folder}`, file: name, path, stamp, reason }, null)
        }
        if (old !== undefined) tidy(old)
      }
    },
    takeCopies: (names, copies) => {
      for (const name of names) {
        for (const path of pathsOfCopy(name, remoteRoot())) {
          const known = copiesByPath.get(path) ?? new Set()
          if (copies.has(name)) known.add(name)
          else known.delete(name)
          if (known.size > 0) copiesByPath.set(path, known)
          else copiesByPath.delete(path)
          dirty.add(path)
        }
      }
    },
    splitAgain: () => {
      for (const file of [...joined]) {
        const known = letters.get(file)
        if (!known) continue
        const paths = splitPaths(known.letter.record.path ?? '', isKnown)
        if (paths.length === known.paths.length && paths.every((path, at) => path === known.paths[at])) continue
        drop(file)
        put(known.letter)
      }
    },
    of: (path) => byPath.get(path),
    copiesOf: (path, copies) => {
      const names = copiesByPath.get(path)
      if (!names) return noCopies
      return [...names]
        .flatMap((name) => (owner(name) === path ? (copies.get(name) ?? []) : []))
        .sort((left, right) => left.atMs - right.atMs)
    },
    paths: () => byPath.keys(),
    pathsOf: (file) => letters.get(file)?.paths ?? [],
    takeDirty: () => {
      const taken = { paths: dirty, unreadable: dirtyUnreadable }
      dirty = new Set()
      dirtyUnreadable = new Set()
      return taken
    },
  }
}
