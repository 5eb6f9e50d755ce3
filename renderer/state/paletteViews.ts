import { builtInViews, type RunView } from '../../shared/runViews'
import { paletteTexts } from '../texts/en/palette'
import type { PaletteEntry } from './paletteEntries'
import { navigate } from './route'
import { viewRoute } from './viewRoute'

/** The views of runs, a person's own first, over all workspaces. */
export function viewEntries(views: readonly RunView[]): readonly PaletteEntry[] {
  return [...views, ...builtInViews].map(({ id, name, ask }) => ({
    id: `view ${id}`,
    group: paletteTexts.views,
    label: paletteTexts.view(name),
    refusal: null,
    run: () => navigate(viewRoute(null, ask)),
  }))
}
