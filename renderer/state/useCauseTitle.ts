import { useMirror } from './useMirror'

/** What the group of failures with this key is called; null while that is not known. */
export function useCauseTitle(cause: string | undefined): string | null {
  const { value } = useMirror(
    `cause ${cause ?? ''}`,
    async (client) =>
      cause === undefined
        ? null
        : client.request('runs:failures', { workspaceId: null, filter: 'all', where: { cause }, limit: 1 }),
    [],
  )
  return value?.groups[0]?.title ?? null
}
