import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunRow, StepRow } from '../runs/rows'
import type { RunJournal } from '../runs/runJournal'
import { foldState } from '../runs/runState'
import { safeName } from './attemptLog'
import type { Workflow } from './parseWorkflow'
import { outputVariable } from './substitute'
import type { Watchdog } from './watchdogClient'

/** What one execution of a run works with. Its rows are its own copies; the journal has the truth. */
export interface RunContext {
  readonly journal: RunJournal
  readonly workflow: Workflow
  readonly runId: string
  readonly runRow: () => RunRow
  readonly row: (step: string) => StepRow
  /** Takes a step's new row into memory and journal; resolves when it is written. */
  readonly put: (row: StepRow, durability: 'written' | 'synced') => Promise<void>
  /** The state as committed so far, and the number of the next commit. */
  readonly state: () => Record<string, unknown>
  readonly nextSeq: () => number
  /** A private folder for this execution's state copies and output files. */
  readonly scratchDir: string
  readonly outputFiles: Readonly<Record<string, string>>
  readonly keepOutput: (step: string, output: string) => Promise<void>
  readonly watchdog: Watchdog
  readonly groups: Set<number>
  readonly graceMs: number
  readonly abort: AbortController
}

/** Makes the context of one execution from the run's newest rows. `dispose` removes its private folder. */
export async function createRunContext({
  journal,
  workflow,
  runRow,
  stepRows,
  watchdog,
  graceMs,
}: {
  readonly journal: RunJournal
  readonly workflow: Workflow
  readonly runRow: RunRow
  readonly stepRows: readonly StepRow[]
  readonly watchdog: Watchdog
  readonly graceMs: number
}): Promise<RunContext & { readonly dispose: () => Promise<void> }> {
  const rows = new Map(stepRows.map((row) => [row.stepName ?? '', row]))
  const scratchDir = await mkdtemp(join(tmpdir(), 'rundesk-run-'))
  const outputFiles: Record<string, string> = {}
  let lastSeq = Math.max(0, ...stepRows.map((row) => seqOf(row)))
  const keepOutput = async (step: string, output: string): Promise<void> => {
    const file = join(scratchDir, `${safeName(step)}.out`)
    await writeFile(file, output, { mode: 0o600 })
    outputFiles[outputVariable(step)] = file
  }
  for (const row of stepRows) if (row.status === 'completed') await keepOutput(row.stepName ?? '', row.output ?? '')
  return {
    journal,
    workflow,
    runId: runRow.id,
    runRow: () => runRow,
    row: (step) => {
      const row = rows.get(step)
      if (!row) throw new Error(`The run ${runRow.id} has no row for step ${step}`)
      return row
    },
    put: async (row, durability) => {
      rows.set(row.stepName ?? '', row)
      await journal.append([{ kind: 'step', row }], durability)
    },
    state: () =>
      foldState([...rows.values()].map((row) => (row.status === 'completed' ? row.rundesk?.statePatch : undefined))),
    nextSeq: () => ++lastSeq,
    scratchDir,
    outputFiles,
    keepOutput,
    watchdog,
    groups: new Set(),
    graceMs,
    abort: new AbortController(),
    dispose: () => rm(scratchDir, { recursive: true, force: true }),
  }
}

function seqOf(row: StepRow): number {
  const patch = row.rundesk?.statePatch
  if (typeof patch !== 'object' || patch === null || !('seq' in patch)) return 0
  return typeof patch.seq === 'number' ? patch.seq : 0
}
