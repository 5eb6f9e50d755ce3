import type { Handlers } from '../../shared/contract'
import type { Onlooker } from '../files/onlooker'
import type { BulkActs } from '../sources/bulkActs'
import { type RunSources, toSource } from './runSources'
import { createSourceAskers } from './sourceAskers'
import { createSourceBulkHandlers, type SourceBulkHandlers } from './sourceBulkHandlers'
import { createSourceWatches } from './sourceWatches'

export type SourceHandlers = SourceBulkHandlers &
  Pick<
    Handlers,
    | 'sources:list'
    | 'sources:add'
    | 'sources:change'
    | 'sources:remove'
    | 'sources:check'
    | 'sources:try'
    | 'sources:runs'
    | 'sources:run'
    | 'sources:steps'
    | 'sources:payload'
    | 'sources:planAct'
    | 'sources:act'
    | 'sources:watch'
  >

/** The handlers about sources of runs, and what ends all that they asked. */
export function createSourceHandlers({
  sources,
  keychain,
  onlooker,
  bulk,
}: {
  readonly sources: RunSources
  /** Why no password can be kept; null when one can. */
  readonly keychain: () => string | null
  readonly onlooker: Onlooker
  readonly bulk: BulkActs
}): { readonly handlers: SourceHandlers; readonly close: () => void } {
  const askers = createSourceAskers()
  const watches = createSourceWatches({
    source: (sourceId) => sources.list().find(({ id }) => id === sourceId)?.source,
    onlooker,
  })
  const asking = <T>(
    channel: string,
    input: { readonly asker?: string | undefined } & Readonly<Record<string, unknown>>,
    answer: (signal: AbortSignal) => Promise<T>,
  ) => askers.ask({ asker: input.asker, channel, question: JSON.stringify(input) }, answer)

  const handlers: SourceHandlers = {
    ...createSourceBulkHandlers(bulk, askers),
    'sources:list': async () => ({
      sources: sources.list().map(toSource),
      trouble: sources.trouble()?.message ?? null,
      keychain: keychain(),
    }),
    'sources:add': async ({ draft, secrets }) => ({ source: toSource(await sources.add(draft, secrets)) }),
    'sources:change': async ({ sourceId, secrets, ...change }) => ({
      source: toSource(await sources.change(sourceId, change, secrets)),
    }),
    'sources:remove': async ({ sourceId }) => {
      await sources.remove(sourceId)
      return {}
    },
    'sources:check': (input) =>
      asking('sources:check', {}, async (signal) => {
        const one = sources.get(input.sourceId)
        await one.source.check(signal)
        return { source: toSource(one) }
      }),
    'sources:try': ({ draft, secrets }) =>
      sources.tryOut(draft, secrets, (one) =>
        asking('sources:try', {}, async (signal) => {
          await one.source.check(signal)
          return { source: toSource(one) }
        }),
      ),
    'sources:runs': ({ sourceId, asker, ...query }) =>
      asking('sources:runs', { asker, sourceId, ...query }, (signal) =>
        sources.get(sourceId).source.runs(query, signal),
      ),
    'sources:run': ({ sourceId, asker, runId }) =>
      asking('sources:run', { asker, sourceId, runId }, async (signal) => ({
        run: await sources.get(sourceId).source.run(runId, signal),
      })),
    'sources:steps': ({ sourceId, asker, ...asked }) =>
      asking('sources:steps', { asker, sourceId, ...asked }, async (signal) => ({
        page: await sources.get(sourceId).source.steps(asked, signal),
      })),
    'sources:payload': ({ sourceId, asker, ...asked }) =>
      asking('sources:payload', { asker, sourceId, ...asked }, async (signal) => ({
        payload: await sources.get(sourceId).source.payload(asked, signal),
      })),
    'sources:planAct': ({ sourceId, ...asked }) =>
      asking('sources:planAct', {}, (signal) => sources.get(sourceId).source.planAct(asked, signal)),
    'sources:act': ({ sourceId, ...asked }) =>
      asking('sources:act', {}, (signal) => sources.get(sourceId).source.act(asked, signal)),
    'sources:watch': async ({ sourceId, asker, watched }) => {
      watches.set(sourceId, asker, watched)
      if (watched === null) askers.leave(asker)
      return {}
    },
  }
  return {
    handlers,
    close: () => {
      watches.close()
      askers.close()
    },
  }
}
