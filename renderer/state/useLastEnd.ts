import { useEffect, useState } from 'react'
import type { LastEnd } from '../../shared/lastEnd'
import { useClient } from './client'
import { refuse } from './toasts'

/** What became of the last process of Rundesk when it did not close by itself, until a person has read it. */
export function useLastEnd(): { readonly lastEnd: LastEnd | null; readonly forget: () => void } {
  const client = useClient()
  const [lastEnd, setLastEnd] = useState<LastEnd | null>(null)
  useEffect(() => {
    client.request('app:lastEnd', {}).then((told) => setLastEnd(told.lastEnd), refuse)
  }, [client])
  return { lastEnd, forget: () => setLastEnd(null) }
}
