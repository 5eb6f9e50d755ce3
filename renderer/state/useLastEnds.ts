import { useEffect, useState } from 'react'
import type { LastEnd } from '../../shared/lastEnd'
import { useClient } from './client'
import { refuse } from './toasts'

/** What became of processes of Rundesk that did not close by themselves, one after the other, until a person has read it. */
export function useLastEnds(): { readonly lastEnd: LastEnd | null; readonly forget: () => void } {
  const client = useClient()
  const [lastEnds, setLastEnds] = useState<readonly LastEnd[]>([])
  useEffect(() => {
    client.request('app:lastEnds', {}).then((told) => setLastEnds(told.lastEnds), refuse)
  }, [client])
  return { lastEnd: lastEnds[0] ?? null, forget: () => setLastEnds(lastEnds.slice(1)) }
}
