import { randomUUID } from 'node:crypto'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { type RunView, runViewSchema } from '../../shared/runViews'
import { asidePath } from '../files/asidePath'
import { withFileLock } from '../files/fileLock'
import { createJsonFile } from './jsonFile'

const fileSchema = z.object({ version: z.literal(1), views: z.array(runViewSchema) })
type Saved = z.infer<typeof fileSchema>

/** So many views are kept. */
const mostViews = 200

/** The views of the list of runs that a person saved, in `views.json` of the data folder. */
export interface SavedViews {
  /** The views, and why their file cannot be read, if so. */
  readonly list: () => Promise<{ readonly views: RunView[]; readonly trouble: string | null }>
  /** Throws `refused` for a name that another view has, `not_found` for an id that none has. */
  readonly save: (view: Omit<RunView, 'id'> & { readonly id?: string | undefined }) => Promise<RunView>
  readonly remove: (id: string) => Promise<void>
}

/** A damaged file is told, and kept aside as `views.json.corrupt-<time>` when the next view is saved. One of a newer Rundesk is left alone. */
export function createSavedViews(dataDir: string): SavedViews {
  const path = join(dataDir, 'views.json')
  const file = createJsonFile<Saved>({ path, schema: fileSchema, initial: { version: 1, views: [] } })

  const update = async (change: (views: readonly RunView[]) => RunView[]): Promise<void> => {
    const write = (): Promise<Saved> => file.update((known) => ({ ...known, views: change(known.views) }))
    try {
      await write()
    } catch (error) {
      if (!isDamage(error)) throw error
      await withFileLock(`${path}.aside.lock`, putAside)
      await write()
    }
  }

  /** Another process may have done so meanwhile. */
  const putAside = async (): Promise<void> => {
    const trouble = await file.read().catch((error: unknown) => error)
    if (isDamage(trouble)) await rename(path, asidePath(path))
  }

  return {
    list: async () => {
      try {
        return { views: (await file.read()).views, trouble: null }
      } catch (error) {
        if (error instanceof RundeskError) return { views: [], trouble: error.message }
        throw error
      }
    },
    save: async ({ id, name, ask }) => {
      const view = { id: id ?? randomUUID(), name, ask }
      await update((views) => {
        if (views.some((other) => other.id !== view.id && other.name.toLowerCase() === name.toLowerCase()))
          throw new RundeskError('refused', `There is a view ${JSON.stringify(name)} already. Choose another name.`)
        if (id !== undefined) {
          if (!views.some((other) => other.id === id)) throw unknownView()
          return views.map((other) => (other.id === id ? view : other))
        }
        if (views.length >= mostViews)
          throw new RundeskError('refused', `There are ${mostViews} views. Remove one before you save another.`)
        return [...views, view]
      })
      return view
    },
    remove: (id) =>
      update((views) => {
        if (!views.some((other) => other.id === id)) throw unknownView()
        return views.filter((other) => other.id !== id)
      }),
  }
}

function unknownView(): RundeskError {
  return new RundeskError('not_found', 'There is no such view. It may have been removed meanwhile.')
}

/** Does the file hold something else than views? Then it is of no use, unlike one that a newer Rundesk wrote. */
function isDamage(error: unknown): boolean {
  return error instanceof RundeskError && error.code === 'unreadable' && error.details?.damaged === true
}
