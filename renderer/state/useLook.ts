import { useEffect } from 'react'
import { createStore, useStore } from 'zustand'
import { defaultSettings, type Settings, settingsSchema } from '../../shared/settings'
import { chooseKeys } from './shortcutKeys'
import { useMirror } from './useMirror'

type Density = Settings['density']

const densityStore = createStore<{ readonly density: Density }>(() => ({ density: 'comfortable' }))
/** In px, as `--row` of the tokens. */
const rowHeights: Readonly<Record<Density, number>> = { comfortable: 32, compact: 28 }

/** The height of a row of a list, in px, as the chosen density has it. */
export function useRowHeight(): number {
  return rowHeights[useStore(densityStore, ({ density }) => density)]
}

/** Keeps theme, contrast, density and keys as the settings say; `system` follows the system. */
export function useLook(): void {
  const { value } = useMirror('look', (client) => client.request('settings:get', {}), ['settings:changed'])
  const { theme, contrast, density, shortcuts } = value?.settings ?? { ...defaultSettings, ...lastLook() }
  useEffect(
    () => localStorage.setItem('look', JSON.stringify({ theme, contrast, density })),
    [theme, contrast, density],
  )
  useEffect(
    () =>
      follow('(prefers-color-scheme: dark)', (dark) =>
        put('theme', theme === 'system' ? (dark ? 'dark' : 'light') : theme),
      ),
    [theme],
  )
  useEffect(
    () =>
      follow('(prefers-contrast: more)', (more) =>
        put('contrast', contrast === 'system' ? (more ? 'high' : 'normal') : contrast),
      ),
    [contrast],
  )
  useEffect(() => {
    put('density', density)
    densityStore.setState({ density })
  }, [density])
  useEffect(() => chooseKeys(shortcuts), [shortcuts])
}

const lookSchema = settingsSchema.pick({ theme: true, contrast: true, density: true })

/** How it looked the last time, until the settings are there; public/look.js begins with it. */
function lastLook(): Partial<Pick<Settings, 'theme' | 'contrast' | 'density'>> {
  try {
    return lookSchema.parse(JSON.parse(localStorage.getItem('look') ?? '{}'))
  } catch {
    return {}
  }
}

function put(name: string, value: string): void {
  document.documentElement.dataset[name] = value
}

/** Applies what the system says now and whenever it changes. */
function follow(query: string, apply: (matches: boolean) => void): () => void {
  const media = window.matchMedia(query)
  const onChange = (): void => apply(media.matches)
  onChange()
  media.addEventListener('change', onChange)
  return () => media.removeEventListener('change', onChange)
}
