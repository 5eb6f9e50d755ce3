import type { Source } from '../../shared/sources'
import { useMirror } from './useMirror'

/** The remote sources that were added, and what is in the way of having more. */
export interface Sources {
  /** Null before they are known. */
  readonly remote: readonly Source[] | null
  /** Why the list of them could not be read; null when it could. */
  readonly trouble: string | null
  /** Why the system's keychain keeps no passwords; null when it does. */
  readonly keychain: string | null
}

/** The remote sources as they are known now; nothing is connected for it. */
export function useSources(): Sources {
  const { value } = useMirror('sources', (client) => client.request('sources:list', {}), ['sources:changed'])
  return {
    remote: value?.sources.filter(({ kind }) => kind !== 'relay') ?? null,
    trouble: value?.trouble ?? null,
    keychain: value?.keychain ?? null,
  }
}
