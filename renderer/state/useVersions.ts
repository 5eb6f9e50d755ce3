import type { Versions } from '../../shared/operations'
import type { WritebackItem } from '../../shared/writebacks'
import type { Mirrored } from './mirror'
import { useMirror } from './useMirror'

/** The versions of an item's file as they are when a person begins to decide; they stay so until asked for again. */
export function useVersions({
  key,
}: Pick<WritebackItem, 'key'>): Mirrored<Versions> & { readonly refresh: () => Promise<void> } {
  return useMirror(`versions ${key}`, (client) => client.request('writebacks:compare', { key }), [])
}
