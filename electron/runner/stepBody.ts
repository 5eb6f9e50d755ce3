import { stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { causeOf } from '../../shared/systemErrors'
import { errnoCode } from '../files/errnoCode'
import { type AttemptLog, attemptLogFile, openAttemptLog, safeName } from './attemptLog'
import { stepFolder } from './namedPaths'
import type { ShellStep } from './parseWorkflow'
import { endProcesses, isGroupAlive, type ProcessMark } from './processGroups'
import { exitCodeWords } from './retryPolicy'
import type { RunContext } from './runContext'
import { stepVariables } from './runEnvironment'
import type { ShellCall } from './shells'
import type { StateFile } from './stateFile'
import { attemptsOf, stdoutLogOf } from './stepFacts'
import { type ProcessResult, runShell } from './stepProcess'
import { referenceContents, type WholeContent } from './substitute'

type ShellOptions = Pick<Parameters<typeof runShell>[0], 'timeoutMs' | 'log' | 'find'>

/** What one attempt at a command of a step works with. */
export interface StepBody {
  /** The command with references for templates. */
  readonly command: string
  readonly cwd: string
  readonly log: AttemptLog
  readonly state: StateFile
  readonly run: (command: string, options: ShellOptions) => Promise<ProcessResult>
  /** Ends everything that the attempt started and that is still there. */
  readonly end: () => Promise<void>
}

/**
 * Prepares an attempt at a step's command or rollback: references, folder, environment, log, its copy of the state.
 * Throws an Error with words for the step's error, `refused` when no other attempt could fare better; nothing was started then.
 */
export async function prepareBody(
  context: RunContext,
  step: ShellStep,
  { command, number, kind }: { readonly command: string; readonly number: number; readonly kind: 'step' | 'rollback' },
): Promise<StepBody> {
  const state = context.state()
  const references = referenceContents(
    command,
    (name) => contentOf(context, state, name),
    (name, content) => wholeOf(context, name, content),
  )
  const { workspaceDir, rundeskDir } = context.journal
  const cwd = stepFolder(step, { workspaceDir, paths: context.workflow.paths })
  if (cwd !== workspaceDir) await checkFolder(cwd)
  const names = namesOf(context, step, { number, kind })
  const { mark, limitKib } = names
  const copy = context.stateCopies.make(names.stateFile, state)
  const env = variablesOf(context, step, {
    attempt: names.attempt,
    statePath: copy.path,
    own: { ...references.env, ...outputFilesFor(context, step, command) },
  })
  const log = openAttemptLog(
    rundeskDir,
    attemptLogFile({ runId: context.runId, step: step.name, attempt: number, kind }),
  )
  const groups = new Set<number>()
  context.shells.prepare({ command: references.command, cwd, env, base: context.environment, limitKib })
  return {
    command: references.command,
    cwd,
    log,
    state: copy,
    run: async (shellCommand, options) => {
      let group = 0
      const result = await runShell({
        command: shellCommand,
        cwd,
        env,
        base: context.environment,
        graceMs: context.graceMs,
        signal: kind === 'step' ? context.stepSignal : context.runSignal,
        mark,
        limitKib,
        shells: context.shells,
        ...options,
        onGroup: (pgid) => {
          group = pgid
          groups.add(pgid)
          context.groups.add(pgid)
          context.watchdog.addGroup(pgid)
        },
      })
      // What the step left in the background ends with the run; to look for it can wait.
      setImmediate(() => {
        if (isGroupAlive(group)) return
        groups.delete(group)
        context.groups.delete(group)
        context.watchdog.removeGroup(group)
      })
      return result
    },
    end: () => endProcesses({ mark, groups: [...groups], graceMs: context.graceMs }),
  }
}

/**
 * What the shell of a step's first attempt will be asked for, as far as that can be told while steps before it still run:
 * undefined when what they leave may change it. What is foreseen wrong is not used.
 */
export function foreseenBody(context: RunContext, step: ShellStep): ShellCall | undefined {
  const { command } = step
  const { workspaceDir } = context.journal
  const cwd = stepFolder(step, { workspaceDir, paths: context.workflow.paths })
  if (command.includes('{{') || cwd !== workspaceDir) return undefined
  const names = namesOf(context, step, { number: nextNumber(context, step), kind: 'step' })
  const env = variablesOf(context, step, {
    attempt: names.attempt,
    statePath: context.stateCopies.expected(names.stateFile),
    own: outputFilesFor(context, step, command, context.outputs.expected),
  })
  return { command, cwd, env, base: context.environment, limitKib: names.limitKib }
}

/** Makes the files of the attempt that will probably be the next, while there is time. */
export function makeFilesAhead(context: RunContext, step: ShellStep): void {
  const name = attemptName(step, { number: nextNumber(context, step), kind: 'step' })
  context.stateCopies.foresee(stateFileOf(name), context.state())
  context.outputs.foresee(step.name)
}

function nextNumber(context: RunContext, step: ShellStep): number {
  return attemptsOf(context.row(step.name)).length + 1
}

/** What an attempt and its processes are called. */
function namesOf(
  context: RunContext,
  step: ShellStep,
  { number, kind }: { readonly number: number; readonly kind: 'step' | 'rollback' },
) {
  const name = attemptName(step, { number, kind })
  const attempt = `${context.execution}.${name}`
  const mark: ProcessMark = `RUNDESK_ATTEMPT=${attempt}`
  const limitKib = context.limitKib(attempt)
  return { attempt, mark, limitKib, stateFile: stateFileOf(name) }
}

function attemptName(
  step: ShellStep,
  { number, kind }: { readonly number: number; readonly kind: 'step' | 'rollback' },
): string {
  return `${safeName(step.name)}${kind === 'step' ? '' : '.rollback'}.${number}`
}

function stateFileOf(name: string): string {
  return `${name}.state.json`
}

function variablesOf(
  context: RunContext,
  step: ShellStep,
  {
    attempt,
    statePath,
    own,
  }: { readonly attempt: string; readonly statePath: string; readonly own: Readonly<Record<string, string>> },
): Record<string, string> {
  return stepVariables({
    named: step.env,
    own: {
      ...own,
      RUNDESK_RUN_ID: context.runId,
      RUNDESK_EXECUTION: context.execution,
      RUNDESK_ATTEMPT: attempt,
      RUNDESK_STEP: step.name,
      RUNDESK_STATE: statePath,
    },
  })
}

/**
 * The files with outputs that an attempt sees: of the step itself, of those it depends on, and of those whose variable its
 * commands or its `env` name. All of them would be too many for a system call in a run of many thousand steps. With
 * `expected` those of steps that it depends on are there when it begins.
 */
function outputFilesFor(
  context: RunContext,
  step: ShellStep,
  command: string,
  expected: (step: string) => string | undefined = () => undefined,
): Record<string, string> {
  const texts = `${command} ${step.verification?.value ?? ''}`
  const files: Record<string, string> = {}
  const add = (variable: string, otherwise?: string): void => {
    const file = context.outputs.files.get(variable) ?? otherwise
    if (file !== undefined) files[variable] = file
  }
  add(context.outputs.variables.get(step.name) ?? '')
  for (const name of step.dependsOn) add(context.outputs.variables.get(name) ?? '', expected(name))
  if (texts.includes('RUNDESK_OUTPUT_')) for (const variable of texts.match(/RUNDESK_OUTPUT_\w+/g) ?? []) add(variable)
  for (const variable of step.env) add(variable)
  return files
}

/** Why a command could not be started, in words. */
export function notStarted(error: Error): string {
  if (errnoCode(error) === 'E2BIG')
    return 'The command is longer than the system takes in one piece (128 KiB). Put it into a script file and call that.'
  if (errnoCode(error) === 'EAGAIN')
    return 'The system has no room for another process. End some, or allow fewer steps at once, and try again.'
  return `The shell could not be started (${causeOf(error)}).`
}

/** What a command that ended with an error came to, with the start of what it said about it. */
export function exitError({ end, stderr }: ProcessResult): string {
  if (end.kind !== 'exited') return 'The command did not end by itself'
  const said = stderr.trim().slice(0, 500)
  return `Command failed with exit code ${exitCodeWords(end)}${said === '' ? '' : `: ${said}`}`
}

async function checkFolder(cwd: string): Promise<void> {
  const folder = await stat(cwd).catch(() => undefined)
  if (!folder?.isDirectory())
    throw new Error(
      `Its working folder ${cwd} ${folder ? 'is no folder' : 'does not exist'}. Create it, or correct "cwd".`,
    )
}

const outputName = /^steps\.(.+)\.output$/

function contentOf(context: RunContext, state: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const output = outputName.exec(name)?.[1]
  if (output !== undefined) {
    if (!context.workflow.steps.some((step) => step.name === output)) return undefined
    const row = context.row(output)
    return row.status === 'completed' ? (row.output ?? '') : undefined
  }
  const key = name.slice('state.'.length)
  if (!Object.hasOwn(state, key)) return undefined
  const value = state[key]
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function wholeOf(context: RunContext, name: string, content: string): WholeContent {
  const step = outputName.exec(name)?.[1]
  if (step === undefined)
    return { bytes: Buffer.byteLength(content), wayOut: '. Read it from the file named in RUNDESK_STATE.' }
  const log = stdoutLogOf(context.row(step))
  const variable = context.outputs.variables.get(step) ?? ''
  const bytes = Math.max(Buffer.byteLength(content), log?.stdoutBytes ?? 0)
  if (!context.outputs.files.has(variable))
    return {
      bytes,
      wayOut: `, and the log that held it is gone. Write it to a file in step ${JSON.stringify(step)}, read that file, and run from ${JSON.stringify(step)} again.`,
    }
  const { rundeskDir, workspaceDir } = context.journal
  const place = log ? ` The log that holds it: ${relative(workspaceDir, join(rundeskDir, log.file))}` : ''
  return { bytes, wayOut: `. Read it from the file named in ${variable}.${place}` }
}
