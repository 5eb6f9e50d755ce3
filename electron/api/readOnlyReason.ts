import { join } from 'node:path'
import type { Settings } from '../../shared/settings'

interface Asked {
  /** The command line asked for it. */
  readonly readOnly?: boolean
  readonly dataDir: string
}

/** Why no act is possible, by the command line, the environment or the settings; null when acts are. */
export function readOnlyReason({ readOnly, dataDir }: Asked, settings: Pick<Settings, 'readOnly'>): string | null {
  if (readOnly) return 'Rundesk was started read-only (--read-only), so it changes nothing. Start it without to act.'
  const asked = process.env.RUNDESK_READ_ONLY ?? ''
  if (asked === '' || asked === '0') {
    if (!settings.readOnly) return null
    return `The settings are read-only, so Rundesk changes nothing. Switch that off in the settings (${join(dataDir, 'settings.json')}) to act.`
  }
  return 'RUNDESK_READ_ONLY is set, so Rundesk changes nothing. Start it without to act.'
}
