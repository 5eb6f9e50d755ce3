import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { layoutSchema } from '../../shared/places'
import { causeOf } from '../../shared/systemErrors'
import { asidePath } from '../files/asidePath'
import { writeFileAtomic } from '../files/atomicWrite'
import { errnoCode } from '../files/errnoCode'

const windowSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(100).max(100_000),
  height: z.number().int().min(100).max(100_000),
  maximized: z.boolean(),
  /** The address behind `#` that it showed. */
  place: z.string().max(8192),
})
export type WindowPlace = z.infer<typeof windowSchema>

const layoutFileSchema = z.object({
  version: z.literal(2),
  splits: layoutSchema.shape.splits,
  /** The windows of each arrangement of displays, the newest arrangement first. */
  screens: z.array(z.object({ displays: z.string(), windows: z.array(windowSchema).max(50) })).max(50),
})
export type WindowLayout = z.infer<typeof layoutFileSchema>

const keptScreens = 8
const empty: WindowLayout = { version: 2, splits: {}, screens: [] }

/** How the windows stood, in `window.json` of the data folder. */
export interface LayoutFile {
  readonly layout: WindowLayout
  /** What is to be told of the file: it was damaged and is kept aside, or is not written to. Null when nothing is. */
  readonly notice: string | null
  /** Writes the file anew, the last call last. What the disk refuses is let go: windows open without it. */
  readonly write: (layout: WindowLayout) => Promise<void>
}

/** Reads the file. It never throws: what cannot be used is kept aside as `window.json.corrupt-<time>` and told. */
export async function openLayoutFile(dataDir: string): Promise<LayoutFile> {
  const path = join(dataDir, 'window.json')
  let mayWrite = true
  let last: Promise<void> = Promise.resolve()
  const write = (layout: WindowLayout): Promise<void> => {
    last = last
      .then(() => (mayWrite ? writeFileAtomic(path, `${JSON.stringify(layout)}\n`, { forUserAlone: true }) : undefined))
      .catch(() => undefined)
    return last
  }
  const opened = (notice: string | null, layout = empty): LayoutFile => ({ layout, notice, write })

  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return opened(null)
    return opened(`${path} cannot be read (${causeOf(error)}), so the windows stand where new ones do.`)
  }
  const value = parseJson(text)
  const parsed = layoutFileSchema.safeParse(value)
  if (parsed.success) return opened(null, parsed.data)
  const version = z.object({ version: z.number() }).safeParse(value).data?.version ?? 0
  if (version === 1) return opened(null) // Of a build before the first release.
  if (version > empty.version) {
    mayWrite = false
    return opened(
      `${path} was written by a newer Rundesk, so where the windows stand is not remembered. Update Rundesk.`,
    )
  }
  const aside = asidePath(path)
  try {
    await rename(path, aside)
    return opened(`${path} was damaged, so the windows stand where new ones do. It is kept as ${aside}.`)
  } catch (error) {
    mayWrite = false
    return opened(`${path} is damaged and cannot be put aside (${causeOf(error)}). It is left as it is.`)
  }
}

/** The layout with these windows on this arrangement of displays. */
export function withWindows(layout: WindowLayout, displays: string, windows: readonly WindowPlace[]): WindowLayout {
  const others = layout.screens.filter((screen) => screen.displays !== displays)
  return { ...layout, screens: [{ displays, windows: [...windows] }, ...others].slice(0, keptScreens) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
