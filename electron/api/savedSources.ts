import { join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import type { DocumentTrouble } from '../../shared/settings'
import { type SavedSource, savedSourceSchema } from '../../shared/sources'
import { openOwnDocument, type Salvaged } from './ownDocument'

interface Saved {
  readonly version: number
  readonly sources: readonly SavedSource[]
}

/** So many sources are kept. */
const mostSources = 50

/** The sources that a person added, in `sources.json` of the data folder. It never holds a secret. */
export interface SavedSources {
  readonly list: () => readonly SavedSource[]
  readonly trouble: () => DocumentTrouble | null
  /** Puts in a source, or its new form. Throws `refused` for a name that another one has. */
  readonly keep: (source: SavedSource) => Promise<void>
  readonly remove: (sourceId: string) => Promise<void>
  readonly close: () => void
}

/** Opens the list; a damaged part of it is told and the rest used. With `watch` changes of other processes are followed. */
export async function openSavedSources({
  dataDir,
  watch,
  onChange,
}: {
  readonly dataDir: string
  readonly watch: boolean
  readonly onChange: () => void
}): Promise<SavedSources> {
  const document = await openOwnDocument<Saved>({
    path: join(dataDir, 'sources.json'),
    initial: { version: 1, sources: [] },
    salvage,
    watch,
    onChange,
  })
  return {
    list: () => structuredClone(document.get().sources),
    trouble: document.trouble,
    keep: async (source) => {
      await document.update(({ sources, ...rest }) => {
        const others = sources.filter(({ id }) => id !== source.id)
        if (others.some(({ name }) => name.toLowerCase() === source.name.toLowerCase()))
          throw new RundeskError(
            'refused',
            `There is a source ${JSON.stringify(source.name)} already. Choose another name.`,
          )
        if (others.length >= mostSources)
          throw new RundeskError('refused', `There are ${mostSources} sources. Remove one before you add another.`)
        const isNew = others.length === sources.length
        const next = isNew ? [...sources, source] : sources.map((one) => (one.id === source.id ? source : one))
        return { ...rest, sources: next }
      })
    },
    remove: async (sourceId) => {
      await document.update(({ sources, ...rest }) => ({
        ...rest,
        sources: sources.filter(({ id }) => id !== sourceId),
      }))
    },
    close: document.close,
  }
}

/** Each source by itself: one that cannot be understood hides no other. */
function salvage(stored: Readonly<Record<string, unknown>>): Salvaged<Saved> {
  const given: unknown = stored.sources ?? []
  if (!Array.isArray(given)) return { value: { version: 1, sources: [] }, lost: ['sources'] }
  const sources: SavedSource[] = []
  const lost: string[] = []
  for (const [index, one] of given.entries()) {
    const parsed = savedSourceSchema.safeParse(one)
    if (parsed.success) sources.push(parsed.data)
    else lost.push(`sources[${index}]`)
  }
  return { value: { version: 1, sources }, lost }
}
