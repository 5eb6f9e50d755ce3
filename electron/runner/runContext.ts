import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeScratchFolder } from '../files/temporaryFiles'
import type { RunRow, StepRow } from '../runs/rows'
import type { RunJournal } from '../runs/runJournal'
import { foldState } from '../runs/runState'
import { type LogFacts, safeName } from './attemptLog'
import { maxOutputBytes } from './cappedOutput'
import { copyStdout } from './copyStdout'
import type { Workflow } from './parseWorkflow'
import { outputVariables } from './substitute'
import type { Watchdog } from './watchdogClient'

type StdoutLog = Pick<LogFacts, 'file' | 'stdoutBytes'>

/** What one execution of a run works with. Its rows are its own copies; the journal has the truth. */
export interface RunContext {
  readonly journal: RunJournal
  readonly workflow: Workflow
  readonly runId: string
  /** Names this execution of the run: what it starts carries it. */
  readonly execution: string
  readonly runRow: () => RunRow
  readonly row: (step: string) => StepRow
  /** Takes a step's new row into memory and journal; resolves when it is written. */
  readonly put: (row: StepRow, durability: 'written' | 'synced') => Promise<void>
  /** The state as committed so far, and the number of the next commit. */
  readonly state: () => Record<string, unknown>
  readonly nextSeq: () => number
  /** A private folder for this execution's state copies and output files. */
  readonly scratchDir: string
  /** The variable of each step that names the file with its output; the files that are there by now. */
  readonly outputVariables: ReadonlyMap<string, string>
  readonly outputFiles: Readonly<Record<string, string>>
  /** Puts a completed step's output, whole, into its file. */
  readonly keepOutput: (kept: {
    readonly step: string
    readonly output: string
    readonly log: StdoutLog | null
  }) => Promise<void>
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
  execution,
  watchdog,
  graceMs,
}: {
  readonly journal: RunJournal
  readonly workflow: Workflow
  readonly runRow: RunRow
  readonly stepRows: readonly StepRow[]
  readonly execution: string
  readonly watchdog: Watchdog
  readonly graceMs: number
}): Promise<RunContext & { readonly dispose: () => Promise<void> }> {
  const rows = new Map(stepRows.map((row) => [row.stepName ?? '', row]))
  const scratchDir = await makeScratchFolder()
  const outputFiles: Record<string, string> = {}
  let lastSeq = Math.max(0, ...stepRows.map((row) => seqOf(row)))
  const variables = outputVariables(workflow.steps.map(({ name }) => name))
  const captures = new Set(workflow.steps.flatMap((step) => (step.captureOutput ? [step.name] : [])))
  const keepOutput: RunContext['keepOutput'] = async ({ step, output, log }) => {
    const variable = variables.get(step)
    if (variable === undefined) return
    const file = join(scratchDir, `${safeName(step)}.out`)
    if (log && log.stdoutBytes > maxOutputBytes && captures.has(step)) {
      // A row's text has a gap then. Where the log is gone no file is better than one with a gap.
      const whole = await copyStdout({ rundeskDir: journal.rundeskDir, log, to: file }).then(
        () => true,
        () => false,
      )
      if (!whole) return
    } else await writeFile(file, output, { mode: 0o600 })
    outputFiles[variable] = file
  }
  for (const row of stepRows) {
    if (row.status === 'completed')
      await keepOutput({ step: row.stepName ?? '', output: row.output ?? '', log: logOf(row) })
  }
  return {
    journal,
    workflow,
    runId: runRow.id,
    execution,
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
    outputVariables: variables,
    outputFiles,
    keepOutput,
    watchdog,
    groups: new Set(),
    graceMs,
    abort: new AbortController(),
    dispose: () => rm(scratchDir, { recursive: true, force: true }),
  }
}

function logOf(row: StepRow): StdoutLog | null {
  const log = row.rundesk?.log
  if (typeof log !== 'object' || log === null || !('file' in log) || !('stdoutBytes' in log)) return null
  const { file, stdoutBytes } = log
  if (typeof file !== 'string' || typeof stdoutBytes !== 'number') return null
  return { file, stdoutBytes }
}

function seqOf(row: StepRow): number {
  const patch = row.rundesk?.statePatch
  if (typeof patch !== 'object' || patch === null || !('seq' in patch)) return 0
  return typeof patch.seq === 'number' ? patch.seq : 0
}
