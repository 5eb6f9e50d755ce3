import type { SettingName } from '../../shared/settings'
import { paletteTexts } from '../texts/en/palette'
import { sectionWords, settingWords } from '../texts/settingWords'
import type { PaletteEntry } from './paletteEntries'
import { navigate, type SettingsSection, settingsSections } from './route'

/** Where each setting stands. */
const sections: Readonly<Record<SettingName, SettingsSection>> = {
  staleAfterHours: 'runs',
  graceSeconds: 'runs',
  durability: 'runs',
  maxParallelSteps: 'runs',
  homeFallback: 'storage',
  trashDays: 'storage',
  notifyRuns: 'notifications',
  watchOwnRuns: 'notifications',
  notifyFailures: 'notifications',
  notifyWritebacks: 'notifications',
  notifyUnsaved: 'notifications',
  notifyDesktop: 'notifications',
  notifyPausedUntil: 'notifications',
  quietHours: 'notifications',
  showTray: 'notifications',
  showBadge: 'notifications',
  keepRunning: 'notifications',
  theme: 'look',
  contrast: 'look',
  density: 'look',
  zoomPercent: 'look',
  shortcuts: 'shortcuts',
  readOnly: 'read-only',
  updates: 'updates',
  logLevel: 'diagnostics',
}

/** The sections of the settings, and every setting by its name. */
export function settingEntries(): readonly PaletteEntry[] {
  const entry = (label: string, section: SettingsSection, note?: string): PaletteEntry => ({
    id: `setting ${label}`,
    group: paletteTexts.settings,
    label,
    ...(note === undefined ? {} : { note }),
    refusal: null,
    run: () => navigate({ screen: 'settings', workspaceId: null, section }),
  })
  const names = Object.keys(sections) as SettingName[]
  return [
    ...settingsSections.map((section) => entry(paletteTexts.settingsSectionWords(sectionWords[section]), section)),
    ...names.map((name) => entry(paletteTexts.setting(settingWords[name][0]), sections[name], settingWords[name][1])),
  ]
}
