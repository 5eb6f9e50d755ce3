import { setMaxListeners } from 'node:events'
import { unlinkSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createBreath } from '../files/breath'
import { makeFolder } from '../files/makeFolder'
import { narrow } from '../files/privateFolder'
import { makeScratchFolder } from '../files/temporaryFiles'
import type { RunRow, StepRow } from '../runs/rows'
import type { RunJournal } from '../runs/runJournal'
import { logFolder } from './attemptLog'
import { createCommittedState } from './committedState'
import { createLaneShells } from './laneShells'
import { limitMarks } from './limitMark'
import { createOutputFiles, type OutputFiles } from './outputFiles'
import type { Workflow } from './parseWorkflow'
import { allowedEnvironment } from './runEnvironment'
import { createStateCopies, type StateCopies } from './stateCopies'
import type { StepSlots } from './stepSlots'
import type { Watchdog } from './watchdog'

/** What was looked at so many ms ago is not looked at again. */
const freshMs = 50
/** With so many steps to come it pays to open a lane for them. */
const lanesFrom = 2

/** What one execution of a run works with. Its rows are its own copies; the journal has the truth. */
export interface RunContext {
  readonly journal: RunJournal
  readonly workflow: Workflow
  readonly runId: string
  /** Names this execution of the run: what it starts carries it. */
  readonly execution: string
  /** What the processes of an attempt carry besides (limitMark.ts). */
  readonly limitKib: (attempt: string) => string
  readonly runRow: () => RunRow
  readonly row: (step: string) => StepRow
  /** Takes a step's new row into memory and journal; resolves when it is written. */
  readonly put: (row: StepRow, durability: 'written' | 'synced') => Promise<void>
  /** The state as committed so far. */
  readonly state: () => Readonly<Record<string, unknown>>
  /** The number of the newest commit of a step, and of the next one. */
  readonly lastSeq: () => number
  readonly nextSeq: () => number
  /** Which of these keys of the state other steps committed after the commit `seq`, and the last that did. */
  readonly conflicts: (seq: number, keys: readonly string[]) => readonly StateConflict[]
  /** The outputs of completed steps. */
  readonly outputs: OutputFiles
  readonly stateCopies: StateCopies
  /** This process's variables that every step sees. */
  readonly environment: Readonly<Record<string, string>>
  readonly watchdog: Watchdog
  /** What starts the steps' commands. */
  readonly shells: ReturnType<typeof createLaneShells>
  /** The places of this machine that bodies of steps take. */
  readonly slots: StepSlots
  readonly groups: Set<number>
  readonly graceMs: number
  /** Aborted when the steps that run must end, and when whatever runs must. */
  readonly stepSignal: AbortSignal
  readonly runSignal: AbortSignal
  /** Ends whatever runs. */
  readonly abort: () => void
  /** Takes in what others wrote; a cancel ends what runs. */
  readonly lookForCancel: () => Promise<void>
  readonly isCancelled: () => boolean
  /** Ends the steps that run, because of a step that failed critically. */
  readonly stopFor: (step: string) => void
  /** The error of a step that was stopped. */
  readonly abortText: (step: string) => string
  /** Work that nobody waits for before the run ends. */
  readonly behind: (work: Promise<unknown>) => void
  /** Resolves when all of it is done. */
  readonly settled: () => Promise<void>
}

/** A key of the state that steps beside each other changed. */
export interface StateConflict {
  readonly key: string
  readonly with: string
}

/** A context whose private folders are removed when nothing of the run is left to use them. */
export type OwnRunContext = RunContext & { readonly dispose: () => Promise<unknown> }

/** Makes the context of one execution from the run's newest rows. */
export async function createRunContext({
  journal,
  workflow,
  runRow,
  stepRows,
  execution,
  watchdog,
  slots,
  graceMs,
  heedsCancel = true,
}: {
  readonly journal: RunJournal
  readonly workflow: Workflow
  readonly runRow: RunRow
  readonly stepRows: readonly StepRow[]
  readonly execution: string
  readonly watchdog: Watchdog
  readonly slots: StepSlots
  readonly graceMs: number
  /** Does a cancel of the run end this? Not what is done to a cancelled run. */
  readonly heedsCancel?: boolean
}): Promise<OwnRunContext> {
  const rows = new Map(stepRows.map((row) => [row.stepName ?? '', row]))
  const inMemory = process.platform === 'linux' ? makeScratchFolder('/dev/shm').catch(() => null) : null
  const logs = makeFolder(join(journal.rundeskDir, logFolder(runRow.id))).then(
    (folder) => narrow(dirname(folder)),
    () => undefined, // A log that fails is told by its attempt.
  )
  const scratchDir = await makeScratchFolder()
  const memoryDir = (await inMemory) ?? scratchDir
  await logs
  const state = createCommittedState(stepRows)
  const stopSteps = new AbortController()
  const stopRun = new AbortController()
  setMaxListeners(0, stopSteps.signal, stopRun.signal) // Every step that runs or waits listens.
  const abort = (): void => {
    stopSteps.abort()
    stopRun.abort()
  }
  let stoppedFor: string | undefined
  const left = new Set<Promise<unknown>>()
  const outputs = await createOutputFiles({
    workflow,
    rows: stepRows,
    ...{ rundeskDir: journal.rundeskDir, memoryDir, diskDir: scratchDir },
  })
  const environment = allowedEnvironment()
  const shells = createLaneShells({
    cwd: journal.workspaceDir,
    base: environment,
    env: { RUNDESK_RUN_ID: runRow.id, RUNDESK_EXECUTION: execution },
    dir: memoryDir,
    isWorthIt: () => [...rows.values()].filter(({ status }) => status === 'pending').length >= lanesFrom,
  })
  let lookedMs = Number.NEGATIVE_INFINITY
  let disposed: Promise<unknown> | undefined
  const isCancelled = (): boolean => heedsCancel && journal.statusOf(runRow.id) === 'cancelled'
  return {
    journal,
    workflow,
    runId: runRow.id,
    execution,
    limitKib: limitMarks({ runId: runRow.id, execution }),
    runRow: () => runRow,
    row: (step) => {
      const row = rows.get(step)
      if (!row) throw new Error(`The run ${runRow.id} has no row for step ${step}`)
      return row
    },
    put: async (row, durability) => {
      rows.set(row.stepName ?? '', row)
      state.take(row)
      await journal.append([{ kind: 'step', row }], durability)
    },
    state: state.value,
    lastSeq: state.lastSeq,
    nextSeq: state.nextSeq,
    conflicts: state.conflicts,
    outputs,
    stateCopies: createStateCopies({ memoryDir, diskDir: scratchDir }),
    environment,
    watchdog,
    shells,
    slots,
    groups: new Set(),
    graceMs,
    stepSignal: stopSteps.signal,
    runSignal: stopRun.signal,
    abort,
    isCancelled,
    lookForCancel: async () => {
      if (performance.now() - lookedMs < freshMs) return
      lookedMs = performance.now()
      await journal.refresh()
      if (isCancelled()) abort()
    },
    stopFor: (step) => {
      stoppedFor ??= step
      stopSteps.abort()
    },
    abortText: (step) =>
      `Step "${step}" aborted${stoppedFor === undefined ? '' : `, because "${stoppedFor}" failed critically`}`,
    behind: (work) => {
      const done: Promise<unknown> = work.catch(() => undefined).finally(() => left.delete(done))
      left.add(done)
    },
    settled: async () => {
      await Promise.all(left)
    },
    dispose: () => {
      disposed ??= Promise.all([
        removeFolder(scratchDir),
        memoryDir === scratchDir ? undefined : emptyMemory(memoryDir),
      ])
      return disposed
    },
  }
}

/** Removes a folder in memory, where each of its many files is gone at once. */
async function emptyMemory(dir: string): Promise<void> {
  const breathe = createBreath(16)
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (entry.isFile()) removeFile(`${dir}/${entry.name}`)
    await breathe()
  }
  await removeFolder(dir)
}

function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It is gone, or goes with the folder.
  }
}

function removeFolder(dir: string): Promise<void> {
  return rm(dir, { recursive: true, force: true })
}
