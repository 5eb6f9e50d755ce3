import { useEffect } from 'react'
import { useMirror } from './useMirror'

/** Keeps the page's theme as the settings say; `system` follows the system. */
export function useTheme(): void {
  const { value } = useMirror('theme', (client) => client.request('settings:get', {}), ['workspaces:changed'])
  const theme = value?.settings.theme ?? 'system'
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)')
    const apply = (): void => {
      document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
    }
    apply()
    dark.addEventListener('change', apply)
    return () => dark.removeEventListener('change', apply)
  }, [theme])
}
