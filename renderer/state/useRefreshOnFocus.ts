import { useEffect } from 'react'

/** Asks again when the window is come back to: files may have been edited meanwhile. */
export function useRefreshOnFocus(refresh: () => Promise<void>): void {
  useEffect(() => {
    const onFocus = (): void => void refresh()
    window.addEventListener('focus', onFocus)
    return () => window.removeEventListener('focus', onFocus)
  }, [refresh])
}
