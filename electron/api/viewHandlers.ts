import type { Handlers } from '../../shared/contract'
import { createSavedViews } from './savedViews'

type ViewHandlers = Pick<Handlers, 'views:list' | 'views:save' | 'views:remove'>

/** The handlers about saved views of the list of runs. */
export function createViewHandlers({
  dataDir,
  onChange,
}: {
  readonly dataDir: string
  readonly onChange: () => void
}): ViewHandlers {
  const views = createSavedViews(dataDir)
  return {
    'views:list': () => views.list(),
    'views:save': async (view) => {
      const saved = await views.save(view)
      onChange()
      return { view: saved }
    },
    'views:remove': async ({ id }) => {
      await views.remove(id)
      onChange()
      return {}
    },
  }
}
