import type { RunView } from '../../shared/runViews'
import { useMirror } from './useMirror'

/** The views that this person saved, and why they cannot be read, if so. */
export function useSavedViews(): { readonly views: readonly RunView[]; readonly trouble: string | null } {
  const { value } = useMirror('views', (client) => client.request('views:list', {}), ['views:changed'])
  return value ?? { views: [], trouble: null }
}
