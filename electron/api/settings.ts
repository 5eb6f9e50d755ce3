import { join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { type DocumentTrouble, defaultSettings, type Settings, settingsSchema } from '../../shared/settings'
import { openOwnDocument, type Salvaged } from './ownDocument'

/** The settings of this user, as they are now. */
export interface OpenSettings {
  /** Not to be changed, and not a copy: it is asked for with each line that is appended. */
  readonly get: () => Readonly<Settings>
  readonly trouble: () => DocumentTrouble | null
  /** Writes a change before it counts. Throws `unreadable` when the file is of a newer Rundesk. */
  readonly set: (change: { readonly [K in keyof Settings]?: Settings[K] | undefined }) => Promise<Settings>
  readonly close: () => void
}

/**
 * Opens `settings.json` of the data folder. With `strict`, as a command line needs it, a file that is not fine throws
 * `unreadable`; otherwise the defaults stand in for what cannot be understood, and `trouble` tells.
 */
export async function openSettings({
  dataDir,
  strict,
  onChange,
}: {
  readonly dataDir: string
  readonly strict: boolean
  readonly onChange: () => void
}): Promise<OpenSettings> {
  const document = await openOwnDocument({
    path: join(dataDir, 'settings.json'),
    initial: defaultSettings,
    salvage: salvageSettings,
    watch: !strict,
    onChange,
  })
  const trouble = document.trouble()
  if (strict && trouble) {
    const advice = trouble.kind === 'damaged' ? ' Repair it, or move it away to start afresh.' : ''
    throw new RundeskError('unreadable', `${trouble.message}${advice}`)
  }
  return {
    get: document.get,
    trouble: document.trouble,
    set: async (change) => {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      return structuredClone(await document.update((current) => ({ ...current, ...given })))
    },
    close: document.close,
  }
}

/** Each setting by itself: one that is wrong has its default. Nobody who asked for read-only loses it by damage. */
function salvageSettings(stored: Readonly<Record<string, unknown>>, text = ''): Salvaged<Settings> {
  const lost: string[] = []
  const found: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(settingsSchema.shape)) {
    if (name === 'version' || stored[name] === undefined) continue
    const parsed = schema.safeParse(stored[name])
    if (parsed.success) found[name] = parsed.data
    else lost.push(name)
  }
  const readOnly = /"readOnly"\s*:\s*true/.test(text) ? { readOnly: true } : {}
  return { value: settingsSchema.parse({ ...defaultSettings, ...found, ...readOnly }), lost }
}
