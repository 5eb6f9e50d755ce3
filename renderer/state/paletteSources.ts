import type { Source } from '../../shared/sources'
import { paletteTexts } from '../texts/en/palette'
import { sourcesTexts } from '../texts/en/sources'
import type { PaletteEntry } from './paletteEntries'
import { navigate } from './route'
import { sourceRoute } from './sourceRoute'

/** The views of every remote source, and the way to add one. */
export function sourceEntries(sources: readonly Source[], addSource: () => void): readonly PaletteEntry[] {
  const entry = (id: string, group: string, label: string, run: () => void): PaletteEntry => ({
    ...{ id: `source ${id}`, group, label, refusal: null, run },
  })
  return [
    ...sources.flatMap(({ id, name, views }) =>
      views.map((view) =>
        entry(`${id} ${view}`, name, `${name}: ${paletteTexts.remoteRuns(sourcesTexts.viewWords[view])}`, () =>
          navigate({ ...sourceRoute(id), view }),
        ),
      ),
    ),
    entry('add', paletteTexts.window, sourcesTexts.addARemoteSource, addSource),
  ]
}

/** The remote source after the one that is shown, the first one after the last; undefined where there is none. */
export function nextSource(sources: readonly Source[], shownId: string | null): Source | undefined {
  const at = sources.findIndex(({ id }) => id === shownId)
  return sources[(at + 1) % Math.max(1, sources.length)]
}
