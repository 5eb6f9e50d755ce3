import { join } from 'node:path'
import { type Settings, settingsSchema } from '../../shared/contract'
import { createJsonFile } from './jsonFile'

const initial: Settings = settingsSchema.parse({ version: 1, theme: 'system', staleAfterHours: 24 })

/** The settings of this user, read once and kept in memory; a change is written before it counts. */
export async function openSettings(dataDir: string): Promise<{
  readonly get: () => Settings
  readonly set: (
    change: { readonly [K in keyof Omit<Settings, 'version'>]?: Settings[K] | undefined },
  ) => Promise<Settings>
}> {
  const file = createJsonFile({ path: join(dataDir, 'settings.json'), schema: settingsSchema, initial })
  let settings = await file.read()
  return {
    get: () => ({ ...settings }),
    set: async (change) => {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      settings = await file.update((current) => ({ ...current, ...given }))
      return { ...settings }
    },
  }
}
