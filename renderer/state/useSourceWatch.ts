import { useEffect, useRef } from 'react'
import { type Watched, watchForMs } from '../../shared/sourceChannels'
import { useClient } from './client'

let askers = 0
/** Other than that of every other window. */
const windowId = crypto.randomUUID().slice(0, 8)

/** A name by which main tells one asker of this window from another, for as long as the component is there. */
export function useAsker(): string {
  const name = useRef<string>(undefined)
  name.current ??= `${windowId}-${askers++}`
  return name.current
}

/**
 * Tells main what is looked at, while it is: the source is asked for what changed only then. A hidden window looks at
 * nothing. `watched` null looks at nothing either.
 */
export function useSourceWatch(sourceId: string, asker: string, watched: Watched | null): void {
  const client = useClient()
  const key = JSON.stringify(watched)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = (what: Watched | null): void => {
      client.request('sources:watch', { sourceId, asker, watched: what }).catch(() => undefined) // The list itself tells why.
    }
    const look = (): void => {
      clearTimeout(timer)
      const seen = document.visibilityState === 'visible' ? (JSON.parse(key) as Watched | null) : null
      tell(seen)
      if (seen) timer = setTimeout(look, watchForMs / 2)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      clearTimeout(timer)
      tell(null)
    }
  }, [client, sourceId, asker, key])
}
