import type { Handlers } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import type { OpenSettings } from './settings'

type SettingHandlers = Pick<Handlers, 'settings:get' | 'settings:set' | 'settings:chooseNode'>

/** The handlers about settings. `chooseProgram` opens the system's dialog for a program; null where there is none. */
export function createSettingHandlers(
  settings: OpenSettings,
  chooseProgram: (() => Promise<string | null>) | null,
): SettingHandlers {
  return {
    'settings:get': async () => ({ settings: settings.get(), trouble: settings.trouble() }),
    'settings:set': async (change) => ({ settings: await settings.set(change) }),
    'settings:chooseNode': async ({ forget }) => {
      if (forget) return { settings: await settings.set({ nodePath: null }) }
      if (!chooseProgram)
        throw new RundeskError('not_supported', 'There is no file dialog here. Put Node 20 or newer on PATH instead.')
      const nodePath = await chooseProgram()
      return { settings: nodePath === null ? settings.get() : await settings.set({ nodePath }) }
    },
  }
}
