import type { SourceAsk, SourceRun, SourceRunPage } from '../../shared/sourceRuns'
import { type SourceList, useSourcePages } from './useSourcePages'

export type SourceRunList = SourceList<SourceRun, SourceRunPage>

/** The runs of a remote source that fit, newest first. */
export function useSourceRuns(
  sourceId: string,
  asker: string,
  { ask, keepsPlace }: { readonly ask: SourceAsk; readonly keepsPlace: boolean },
): SourceRunList {
  return useSourcePages<SourceRun, SourceRunPage>({
    sourceId,
    key: JSON.stringify([sourceId, ask]),
    keepsPlace,
    ask: (client, { held, ...part }) =>
      client.request('sources:runs', {
        sourceId,
        asker,
        ...ask,
        ...part,
        ...(held === undefined ? {} : { held }),
      }),
  })
}
