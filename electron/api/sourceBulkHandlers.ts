import type { Handlers } from '../../shared/contract'
import { type SourceBulkOutcome, type SourceOperation, sourceBulkOutcomes } from '../../shared/sourceBulk'
import type { BulkActs, ShownAct } from '../sources/bulkActs'
import type { SourceAskers } from './sourceAskers'

export type SourceBulkHandlers = Pick<
  Handlers,
  | 'sources:previewBulk'
  | 'sources:bulk'
  | 'sources:operations'
  | 'sources:operation'
  | 'sources:resumeOperation'
  | 'sources:stopOperation'
  | 'sources:settled'
>

/** The handlers about acts on many runs of a source. */
export function createSourceBulkHandlers(bulk: BulkActs, askers: SourceAskers): SourceBulkHandlers {
  return {
    'sources:previewBulk': (target) =>
      askers.ask({ asker: undefined, channel: 'sources:previewBulk', question: '' }, (signal) =>
        bulk.preview(target, signal),
      ),
    'sources:bulk': async ({ setId, ...how }) => ({ operation: toOperation(await bulk.start(setId, how)) }),
    'sources:operations': async ({ offset, limit }) => {
      const all = await bulk.all()
      return { operations: all.slice(offset, offset + limit).map(toOperation), total: all.length }
    },
    'sources:operation': async ({ operationId, outcome, offset, limit }) => {
      const act = await bulk.get(operationId)
      const items = act.runs
        .filter((run) => outcome === undefined || (run.outcome ?? 'none') === outcome)
        .toSorted((left, right) => rank(left.outcome) - rank(right.outcome))
      return {
        operation: toOperation(act),
        items: items.slice(offset, offset + limit).map(({ runId, workflowName, outcome: came, detail, at }) => ({
          ...{ runId, workflowName, outcome: came, detail, at },
        })),
        itemsTotal: items.length,
      }
    },
    'sources:resumeOperation': async ({ operationId }) => ({ operation: toOperation(await bulk.resume(operationId)) }),
    'sources:stopOperation': async ({ operationId }) => ({ operation: toOperation(await bulk.stop(operationId)) }),
    'sources:settled': async ({ operationId }) => {
      await bulk.settled(operationId)
      return { operation: toOperation(await bulk.get(operationId)) }
    },
  }
}

/** What a person must look at comes first. */
function rank(outcome: SourceBulkOutcome | null): number {
  return outcome === null ? 1 : outcome === 'done' ? 2 : 0
}

function toOperation({ runs, confirmed: _confirmed, ...act }: ShownAct): SourceOperation {
  const counts = Object.fromEntries(sourceBulkOutcomes.map((outcome) => [outcome, 0])) as SourceOperation['counts']
  for (const { outcome } of runs) if (outcome !== null) counts[outcome]++
  const done = runs.filter(({ outcome }) => outcome !== null).length
  const { id, sourceId, sourceName, state, startedAt, endedAt, by, reason, stopped } = act
  return {
    ...{ id, sourceId, sourceName, act: act.act, state, startedAt, endedAt, by, reason, stopped },
    ...{ total: runs.length, done, counts },
  }
}
