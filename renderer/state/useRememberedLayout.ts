import { useEffect } from 'react'
import { useClient } from './client'
import { allSplits, onSplit } from './splits'

const afterMs = 300

/** Lets the app remember how this window is divided; a browser remembers that by itself. */
export function useRememberedLayout(): void {
  const client = useClient()
  useEffect(() => {
    if (!window.rundesk) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const remember = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        client.request('windows:remember', { splits: allSplits() }).catch(() => undefined) // It is only comfort.
      }, afterMs)
    }
    const stop = onSplit(remember)
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [client])
}
