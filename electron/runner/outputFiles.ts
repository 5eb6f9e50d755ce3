import { lstatSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StepRow } from '../runs/rows'
import { safeName } from './attemptLog'
import { maxOutputBytes } from './cappedOutput'
import { copyStdout } from './copyStdout'
import type { Workflow } from './parseWorkflow'
import { type StdoutLog, stdoutLogOf } from './stepFacts'
import { outputVariables } from './substitute'

/** The outputs of a run's completed steps, whole, in files for those behind them. */
export interface OutputFiles {
  /** The variable of each step that names the file with its output; by variable, the files that are there by now. */
  readonly variables: ReadonlyMap<string, string>
  readonly files: ReadonlyMap<string, string>
  /** Where the output of a step that is to come will most likely be. */
  readonly expected: (step: string) => string
  /** Makes the file of the step that will probably be the next to complete, most of which print nothing. */
  readonly foresee: (step: string) => void
  /** Puts a completed step's output, whole, into its file. */
  readonly keep: (kept: {
    readonly step: string
    readonly output: string
    readonly log: StdoutLog | null
  }) => Promise<void>
}

/** Longer outputs lie on the disk, where making a file may have to wait for a sync. */
const memoryBytes = 4 * 1024

/** Puts the outputs of the completed `rows` into files: short ones in the folder `memoryDir`, others in `diskDir`. */
export async function createOutputFiles({
  workflow,
  rows,
  rundeskDir,
  memoryDir,
  diskDir,
}: {
  readonly workflow: Workflow
  readonly rows: readonly StepRow[]
  readonly rundeskDir: string
  readonly memoryDir: string
  readonly diskDir: string
}): Promise<OutputFiles> {
  const files = new Map<string, string>()
  const variables = outputVariables(workflow.steps.map(({ name }) => name))
  const captures = new Set(workflow.steps.flatMap((step) => (step.captureOutput ? [step.name] : [])))
  const nameOf = (step: string): string => `${safeName(step)}.out`
  const expected = (step: string): string => `${memoryDir}/${nameOf(step)}`
  /** Whose files were made ahead. */
  const made = new Set<string>()

  const keepShort = (step: string, output: string): string | undefined => {
    if (output.length > memoryBytes) return undefined
    const file = expected(step)
    try {
      const isMade = made.delete(step)
      if (isMade && output === '' && isEmptyFile(file)) return file
      if (isMade) rmSync(file, { force: true }) // It may not be written to.
      writeFileSync(file, output, { mode: 0o400 })
      return file
    } catch {
      return undefined
    }
  }
  const keep: OutputFiles['keep'] = async ({ step, output, log }) => {
    const variable = variables.get(step)
    if (variable === undefined) return
    let file = join(diskDir, nameOf(step))
    if (log && log.stdoutBytes > maxOutputBytes && captures.has(step)) {
      // A row's text has a gap then. Where the log is gone no file is better than one with a gap.
      const whole = await copyStdout({ rundeskDir, log, to: file }).then(
        () => true,
        () => false,
      )
      if (!whole) return
    } else {
      const short = keepShort(step, output)
      if (short === undefined) await writeFile(file, output, { mode: 0o400 })
      file = short ?? file
    }
    files.set(variable, file)
  }

  const emptyFile = join(memoryDir, 'empty.out')
  writeFileSync(emptyFile, '', { mode: 0o400 })
  for (const row of rows) {
    if (row.status !== 'completed') continue
    const [step, variable] = [row.stepName ?? '', variables.get(row.stepName ?? '')]
    if (row.output) await keep({ step, output: row.output, log: stdoutLogOf(row) })
    else if (variable !== undefined) files.set(variable, emptyFile)
  }
  const foresee = (step: string): void => {
    if (made.has(step) || files.has(variables.get(step) ?? '')) return
    try {
      writeFileSync(expected(step), '', { mode: 0o400 })
      made.add(step)
    } catch {
      // It is made when it is needed.
    }
  }
  return { variables, files, keep, expected, foresee }
}

function isEmptyFile(path: string): boolean {
  const file = lstatSync(path, { throwIfNoEntry: false })
  return file?.isFile() === true && file.size === 0
}
