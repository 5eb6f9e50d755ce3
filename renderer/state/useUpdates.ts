import { useState } from 'react'
import type { UpdateState } from '../../shared/updates'
import { useClient } from './client'
import { refuse } from './toasts'
import { useMirror } from './useMirror'

/** Where it stands with newer versions, and what can be done. */
export interface UpdateDesk {
  /** Null until it is known. */
  readonly state: UpdateState | null
  /** An act is under way. */
  readonly busy: boolean
  readonly act: (act: 'check' | 'download' | 'install') => void
}

export function useUpdates(): UpdateDesk {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const { value } = useMirror('updates', (asking) => asking.request('updates:get', {}), [
    'updates:changed',
    'workspaces:changed',
  ])
  return {
    state: value,
    busy: busy || value?.phase === 'checking' || value?.phase === 'downloading' || value?.phase === 'installing',
    act: (act) => {
      setBusy(true)
      client
        .request(`updates:${act}`, {})
        .catch(refuse)
        .finally(() => setBusy(false))
    },
  }
}
