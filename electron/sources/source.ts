import type { ActChoice, ActResult, SourcePlan } from '../../shared/sourceActs'
import type { Watched } from '../../shared/sourceChannels'
import type {
  PayloadPart,
  SourcePayload,
  SourceRunDetail,
  SourceRunPage,
  SourceRunQuery,
  SourceStepPage,
} from '../../shared/sourceRuns'
import type { Source } from '../../shared/sources'

/** What a source says of itself. Its name and its connections are those of the list that it stands in. */
export type SourceDescription = Omit<Source, 'id' | 'name' | 'kind' | 'connections' | 'revision'>

/** An act on a run that a person saw. */
export interface AskedAct extends ActChoice {
  readonly runId: string
  /** The `version` of the run that was seen. */
  readonly version: string
  readonly confirmed: boolean
  readonly reason?: string | undefined
}

/**
 * Where runs come from. Every call is bounded in time, ends when its signal is aborted, with the signal's reason, and
 * throws `unreachable` with the words of the source's trouble when it cannot be asked. Values are copies and plain data.
 * docs/scaling.md tells how a source is added; `sourceSuite.testkit.ts` is what each must keep.
 */
export interface RunSource {
  /** As it is known now: connects to nothing. */
  readonly describe: () => SourceDescription
  /** Grows with every change of the state, or of runs that are watched. */
  readonly revision: () => number
  /** Connects now, or again, as far as reading and, where there is one, the writing connection go. Never throws: `describe` tells. */
  readonly check: (signal: AbortSignal) => Promise<void>
  /** Newest first. Throws `not_supported` for a view or a filter that `describe` does not name (`refuseUnknown`). */
  readonly runs: (query: SourceRunQuery, signal: AbortSignal) => Promise<SourceRunPage>
  /** Null when there is none, or none any more. */
  readonly run: (runId: string, signal: AbortSignal) => Promise<SourceRunDetail | null>
  /** In their order; null when the run is gone, which is not the same as having no steps. */
  readonly steps: (
    asked: { readonly runId: string; readonly offset: number; readonly limit: number },
    signal: AbortSignal,
  ) => Promise<SourceStepPage | null>
  /** A value as text, cut at `maxBytes` between characters; null when the run or the step is gone. */
  readonly payload: (
    asked: {
      readonly runId: string
      readonly stepId: string | null
      readonly part: PayloadPart
      readonly maxBytes: number
    },
    signal: AbortSignal,
  ) => Promise<SourcePayload | null>
  /** What an act would do. Changes nothing. Throws `not_found` for an unknown run or step. */
  readonly planAct: (asked: ActChoice & { readonly runId: string }, signal: AbortSignal) => Promise<SourcePlan>
  /**
   * Reads the run, tests the rule that its `acts` came from, acts if the run is still the one that was seen, and reads it
   * again. Throws `refused` or `not_supported` with the rule's reason, `needs_confirmation` with its question, `not_found`. What was sent
   * is not taken back when the signal is aborted: then the outcome is `unconfirmed`.
   */
  readonly act: (asked: AskedAct, signal: AbortSignal) => Promise<ActResult>
  /** What somebody looks at from now on, instead of what was told before. With nothing, nothing is asked of the source. */
  readonly watch: (watched: readonly Watched[]) => void
  /** Calls back after every growth of `revision`, until the returned function is called. */
  readonly onChange: (listener: () => void) => () => void
  /** Ends what is going on and gives back every connection. */
  readonly close: () => Promise<void>
}
