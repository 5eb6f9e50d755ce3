import { useRef, useState } from 'react'
import {
  type ChosenSettings,
  type DocumentTrouble,
  defaultSettings,
  type SettingName,
  type Settings,
} from '../../shared/settings'
import { actsTexts } from '../texts/en/acts'
import { useClient } from './client'
import { refuse, showToast } from './toasts'
import { useMirror } from './useMirror'

/** The settings and the ways to change them. A change counts at once, in every window. */
export interface SettingsDesk {
  /** Null until they are known. */
  readonly settings: Settings | null
  readonly trouble: DocumentTrouble | null
  readonly failure: Error | null
  readonly change: (next: Partial<ChosenSettings>) => void
  /** Gives settings their defaults, which can be undone for ten seconds. */
  readonly reset: (names: readonly SettingName[]) => void
  /** The dialog of the system for the Node that runs agent workflows, or forgets the chosen one. */
  readonly chooseNode: (forget: boolean) => void
  readonly retry: () => void
}

export function useSettings(): SettingsDesk {
  const client = useClient()
  const { value, failure, refresh } = useMirror('settings', (asking) => asking.request('settings:get', {}), [
    'settings:changed',
  ])
  /** Shown at once; what main says then holds. */
  const [sent, setSent] = useState<Partial<ChosenSettings>>({})
  const settings = value ? { ...value.settings, ...sent } : null
  const newest = useRef(settings)
  newest.current = settings
  const send = (next: Partial<ChosenSettings>): Promise<void> => {
    setSent((earlier) => ({ ...earlier, ...next }))
    const settle = (): void => setSent((earlier) => without(earlier, next))
    return client
      .request('settings:set', next)
      .then(() => refresh())
      .finally(settle)
  }
  return {
    settings,
    trouble: value?.trouble ?? null,
    failure: failure ? new Error(failure.message) : null,
    change: (next) => {
      send(next).catch(refuse)
    },
    reset: (names) => {
      const before = newest.current
      if (!before) return
      const undo = (): void => {
        send(pick(before, names)).catch(refuse)
      }
      send(pick(defaultSettings, names)).then(() => {
        const text = names.length === 1 ? actsTexts.theSettingHasItsDefault : actsTexts.theSettingsHaveTheir
        showToast({ tone: 'done', text, action: { label: actsTexts.undo, run: undo } })
      }, refuse)
    },
    chooseNode: (forget) => {
      client.request('settings:chooseNode', { forget }).then(() => refresh(), refuse)
    },
    retry: () => void refresh(),
  }
}

function pick(settings: Settings, names: readonly SettingName[]): Partial<ChosenSettings> {
  return Object.fromEntries(names.map((name) => [name, settings[name]]))
}

/** What was sent later of the same settings stays. */
function without(sent: Partial<ChosenSettings>, settled: Partial<ChosenSettings>): Partial<ChosenSettings> {
  const rest = Object.entries(sent).filter(([name, value]) => settled[name as SettingName] !== value)
  return Object.fromEntries(rest)
}
