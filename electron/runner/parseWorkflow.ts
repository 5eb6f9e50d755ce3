import { RundeskError } from '../../shared/outcome'
import type { FileWorkflow, NamedPath, WorkflowFile } from '../../shared/workflowFile'
import type { FileStep } from '../../shared/workflowStep'
import type { WorkflowRunner } from '../../shared/workflows'
import { checkWorkflow } from './checkWorkflow'
import { reliabilityOf, withReliability } from './errorHandling'
import { createFindings, invalidWorkflow } from './findings'
import { runnerOf } from './publishedReasons'
import { worktreeCommand } from './worktreeCommand'

/** A configuration as a run's row stores it: what the file says, custom steps expanded, variables filled in. */
export type WorkflowConfig = Readonly<Record<string, unknown>>

/** A step and the text that runs: its command, what makes its worktree, or the task of its agent. */
export type ShellStep = FileStep & { readonly command: string }

/** A checked workflow. The built-in runner runs those that name it as their runner: its configuration as the run row stores it, and the chosen entry's steps. */
export interface Workflow {
  readonly config: WorkflowConfig
  readonly name: string
  readonly pattern: string
  readonly runner: WorkflowRunner
  readonly steps: readonly ShellStep[]
  /** The chosen entry as it was checked: with defaults, without unknown keys. */
  readonly entry: FileWorkflow
  readonly paths: readonly NamedPath[]
  readonly strategy: 'fail-fast' | 'continue' | 'retry'
  readonly maxRetries: number
  readonly retryDelayMs: number
  readonly maxConcurrency: number
}

/**
 * Checks a configuration whose custom steps are expanded and chooses one of its workflows: the named one, else the first.
 * `origin` names it in messages. Throws `invalid_workflow` with all that is wrong. What only the published runner can run
 * is told by `runner`. Who has checked it gives what came of that as `checked`.
 */
export function toWorkflow(
  value: unknown,
  {
    origin,
    chosen,
    checked,
  }: { readonly origin: string; readonly chosen?: string | undefined; readonly checked?: WorkflowFile | undefined },
): Workflow {
  const config = checked ?? check(value, origin)
  const index = indexOfWorkflow(config, { origin, chosen })
  const workflow = config.workflows[index]
  if (!workflow) throw new RundeskError('invalid_workflow', `${origin}: there is no workflow.`)
  const reliability = reliabilityOf(config, workflow)
  return {
    config: withReliability(value, reliability),
    name: workflow.name,
    pattern: config.swarm.pattern,
    runner: runnerOf(workflow.steps),
    steps: workflow.steps.map((step) =>
      step.type === 'worktree'
        ? { ...step, command: worktreeCommand(step), failOnError: true, captureOutput: true }
        : { ...step, command: textOf(step) },
    ),
    entry: workflow,
    paths: config.paths ?? [],
    strategy: reliability.strategy,
    maxRetries: reliability.maxRetries ?? 0,
    retryDelayMs: reliability.retryDelayMs ?? 1000,
    maxConcurrency: config.swarm.maxConcurrency ?? Number.POSITIVE_INFINITY,
  }
}

function check(value: unknown, origin: string): WorkflowFile {
  const findings = createFindings(origin)
  const config = checkWorkflow(value, findings)
  if (!config || findings.hasErrors()) throw invalidWorkflow(findings.list())
  return config
}

/** Where the chosen workflow stands in the file. Throws `invalid_workflow` where there is none of this name. */
export function indexOfWorkflow(
  { workflows }: WorkflowFile,
  { origin, chosen }: { readonly origin: string; readonly chosen?: string | undefined },
): number {
  const index = chosen === undefined ? 0 : workflows.findIndex(({ name }) => name === chosen)
  if (index !== -1) return index
  throw new RundeskError(
    'invalid_workflow',
    `${origin}: there is no workflow ${JSON.stringify(chosen)}. It has: ${workflows.map(({ name }) => name).join(', ')}`,
  )
}

/** What a step does, as its row's `task` has it. */
export function textOf({ type, command, branch, task, integration, action }: FileStep): string {
  if (type === 'worktree') return branch ?? ''
  return command ?? task ?? (integration === undefined ? '' : `${integration}.${action ?? ''}`)
}
