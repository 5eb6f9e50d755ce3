import type { RunFacts } from '../../shared/rules/runActs'
import type { Durability } from '../files/appender'
import type { RunRow, StepRow, StoreLine } from './rows'

/** The newest state of one run, read whole: every field of every row. */
export interface RunRecord {
  readonly run: RunRow
  /** In the order of their first lines. */
  readonly steps: readonly StepRow[]
  readonly facts: RunFacts
}

/** What the runner needs of the run store. Rows are copied in and out. */
export interface RunJournal {
  /** The workspace folder. */
  readonly workspaceDir: string
  /** `<workspace>/.agent-relay/rundesk`: leases, locks and logs of Rundesk. */
  readonly rundeskDir: string
  /** Takes in the lines that other processes appended. */
  readonly refresh: () => Promise<void>
  /** The run's newest rows; undefined for an unknown id. */
  readonly read: (runId: string) => Promise<RunRecord | undefined>
  /** The run's own newest row, without its steps; undefined for an unknown id. */
  readonly readRun: (runId: string) => Promise<RunRow | undefined>
  /** The run's newest status in memory. */
  readonly statusOf: (runId: string) => string | undefined
  /**
   * Compare and swap: under the store's cross-process lock, takes in the newest lines, calls `decide` with the newest
   * state (undefined for an unknown id) and appends what it returns, synced. `decide` refuses by throwing.
   */
  readonly claim: (runId: string, decide: (record: RunRecord | undefined) => readonly StoreLine[]) => Promise<void>
  /** The same with the run's own row only: its steps are not read. */
  readonly claimRun: (runId: string, decide: (run: RunRow | undefined) => readonly StoreLine[]) => Promise<void>
  /**
   * Appends lines of a run whose lease the caller holds, without the lock. Memory takes them at once; a refused disk
   * write is reported and written again later, it does not throw.
   */
  readonly append: (lines: readonly StoreLine[], durability: Durability) => Promise<void>
  /** Calls back after any change of any row, with the ids of the runs concerned. */
  readonly onChange: (listener: (runIds: ReadonlySet<string>) => void) => () => void
}
