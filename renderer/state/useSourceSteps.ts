import type { SourceStep } from '../../shared/sourceRuns'
import { type SourceList, useSourcePages } from './useSourcePages'

interface StepPage {
  readonly rows: readonly SourceStep[]
  readonly more: boolean
  readonly total: number | null
  /** What the engine does not tell of these steps. */
  readonly note: string | null
  /** The run is no longer there, which is not the same as having no steps. */
  readonly isGone: boolean
}
export type SourceStepList = SourceList<SourceStep, StepPage>

/** The steps of a remote run, in their order. */
export function useSourceSteps(sourceId: string, asker: string, runId: string): SourceStepList {
  return useSourcePages<SourceStep, StepPage>({
    sourceId,
    key: JSON.stringify([sourceId, runId]),
    keepsPlace: false,
    ask: async (client, { offset, limit }) => {
      const { page } = await client.request('sources:steps', { sourceId, runId, asker, offset, limit })
      if (page === null) return { rows: [], more: false, total: 0, note: null, isGone: true }
      return { ...page, rows: page.steps, isGone: false }
    },
  })
}
