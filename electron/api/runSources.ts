import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { RundeskError } from '../../shared/outcome'
import type { DocumentTrouble } from '../../shared/settings'
import type { Connection, SavedSource, Source, SourceSecrets } from '../../shared/sources'
import type { OpenRemote } from '../sources/openRemote'
import { type SecretStore, secretName } from '../sources/secretStore'
import type { RunSource } from '../sources/source'
import { openSavedSources } from './savedSources'

/** A source with the name that it stands under. */
export interface NamedSource {
  readonly id: string
  readonly name: string
  readonly source: RunSource
  /** Null for a workspace. */
  readonly saved: SavedSource | null
}

/** All sources: the open workspaces, and the saved ones, opened. */
export interface RunSources {
  readonly list: () => readonly NamedSource[]
  /** Throws `not_found`. */
  readonly get: (sourceId: string) => NamedSource
  readonly trouble: () => DocumentTrouble | null
  readonly add: (draft: Omit<SavedSource, 'id'>, secrets: SourceSecrets) => Promise<NamedSource>
  readonly change: (sourceId: string, change: SourceChange, secrets: SourceSecrets) => Promise<NamedSource>
  readonly remove: (sourceId: string) => Promise<void>
  /** What is not saved, for as long as `use` takes. */
  readonly tryOut: <T>(
    draft: Omit<SavedSource, 'id'>,
    secrets: SourceSecrets,
    use: (one: NamedSource) => Promise<T>,
  ) => Promise<T>
  readonly close: () => Promise<void>
}

type SourceChange = { readonly [K in 'name' | 'reading' | 'writing']?: SavedSource[K] | undefined }

/** Opens the saved sources. `onChange` is called when the list or anything a source says of itself changed. */
export async function openRunSources({
  dataDir,
  watch,
  secrets,
  openRemote,
  local,
  onChange,
}: {
  readonly dataDir: string
  readonly watch: boolean
  readonly secrets: SecretStore
  readonly openRemote: OpenRemote
  /** The workspaces as sources. */
  readonly local: () => readonly NamedSource[]
  readonly onChange: (sourceId: string | null) => void
}): Promise<RunSources> {
  const opened = new Map<string, NamedSource & { readonly saved: SavedSource; readonly unfollow: () => void }>()
  const closing = new Set<Promise<void>>()

  const drop = (sourceId: string): void => {
    const one = opened.get(sourceId)
    opened.delete(sourceId)
    one?.unfollow()
    if (!one) return
    const closed = one.source.close().finally(() => closing.delete(closed))
    closing.add(closed)
  }
  /** Opens what is new or other than before, and closes what is gone. */
  const renew = (): void => {
    const listed = document.list()
    for (const [id, one] of opened) {
      const now = listed.find((other) => other.id === id)
      if (!now || JSON.stringify(now) !== JSON.stringify(one.saved)) drop(id)
    }
    for (const one of listed) {
      if (opened.has(one.id)) continue
      const source = openRemote(one, { secrets })
      const unfollow = source.onChange(() => onChange(one.id))
      opened.set(one.id, { id: one.id, name: one.name, source, saved: one, unfollow })
    }
  }
  const document = await openSavedSources({
    dataDir,
    watch,
    onChange: () => {
      renew()
      onChange(null)
    },
  })
  renew()

  const get = (sourceId: string): NamedSource => {
    const one = opened.get(sourceId) ?? local().find(({ id }) => id === sourceId)
    if (!one) throw new RundeskError('not_found', 'There is no such source. It may have been removed meanwhile.')
    return one
  }
  const saved = (sourceId: string): SavedSource => {
    const { name, saved: found } = get(sourceId)
    if (!found) throw new RundeskError('refused', `${name} is a workspace. Change the list of workspaces instead.`)
    return found
  }
  const uses = ['reading', 'writing'] as const
  /** Keeps the passwords that connections take from the keychain. Throws `refused` for one that is missing or has no use. */
  const keepSecrets = async (
    source: SavedSource,
    given: SourceSecrets,
    hasKept: (use: 'reading' | 'writing') => boolean,
  ): Promise<void> => {
    for (const use of uses) {
      const wanted = takesKeychain(source[use])
      const secret = given[use]
      if (secret !== undefined && !wanted)
        throw new RundeskError('refused', `The ${use} connection takes no password from the keychain, so none is kept.`)
      if (!wanted || (secret === undefined && hasKept(use))) continue
      const unavailable = secrets.unavailable()
      if (unavailable !== null) throw new RundeskError('refused', unavailable)
      if (secret === undefined)
        throw new RundeskError('refused', `Give the password of the ${use} connection, for the keychain to keep.`)
      await secrets.keep(secretName(source.id, use), secret)
    }
  }
  const forgetSecrets = async (sourceId: string, keeps: (use: 'reading' | 'writing') => boolean): Promise<void> => {
    for (const use of uses) if (!keeps(use)) await secrets.forget(secretName(sourceId, use))
  }

  return {
    list: () => [...local(), ...opened.values()],
    get,
    trouble: document.trouble,
    add: async (draft, given) => {
      const added: SavedSource = { ...draft, id: randomUUID() }
      await keepSecrets(added, given, () => false)
      try {
        await document.keep(added)
      } catch (error) {
        await forgetSecrets(added.id, () => false)
        throw error
      }
      return get(added.id)
    },
    change: async (sourceId, change, given) => {
      const earlier = saved(sourceId)
      const changed = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      const next: SavedSource = { ...earlier, ...changed }
      // What is kept was given for one server, and goes to no other.
      await keepSecrets(next, given, (use) => isDeepStrictEqual(earlier[use], next[use]))
      await document.keep(next)
      await forgetSecrets(sourceId, (use) => takesKeychain(next[use]))
      // A new password changes nothing of the document, but what was opened with the old one.
      if (given.reading !== undefined || given.writing !== undefined) {
        drop(sourceId)
        renew()
      }
      return get(sourceId)
    },
    remove: async (sourceId) => {
      saved(sourceId)
      await document.remove(sourceId)
      await forgetSecrets(sourceId, () => false)
    },
    tryOut: async (draft, given, use) => {
      const tried: SavedSource = { ...draft, id: 'draft' }
      const own: SecretStore = {
        ...secrets,
        unavailable: () => null,
        read: async (name) =>
          uses.flatMap((one) => (secretName('draft', one) === name ? (given[one] ?? []) : [])).at(0),
      }
      const source = openRemote(tried, { secrets: own })
      try {
        return await use({ id: tried.id, name: tried.name, source, saved: tried })
      } finally {
        await source.close()
      }
    },
    close: async () => {
      document.close()
      for (const id of [...opened.keys()]) drop(id)
      await Promise.all(closing)
    },
  }
}

/** A source as lists show it. */
export function toSource({ id, name, source, saved }: NamedSource): Source {
  const connections = saved && { reading: saved.reading, writing: saved.writing }
  return { ...source.describe(), id, name, kind: saved?.kind ?? 'relay', connections, revision: source.revision() }
}

function takesKeychain(connection: Connection | null): boolean {
  return connection?.from === 'server' && connection.password === 'keychain'
}
