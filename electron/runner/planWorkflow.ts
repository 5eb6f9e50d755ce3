import type { WorkflowFile } from '../../shared/workflowFile'
import type { FileStep, Verification } from '../../shared/workflowStep'
import type { PlannedStep, WorkflowPlan } from '../../shared/workflows'
import { checkFile, type WorkflowChoice } from './checkFile'
import { type Reliability, reliabilityOf } from './errorHandling'
import { stepFolder } from './namedPaths'
import { textOf } from './parseWorkflow'
import { runnerOf } from './publishedReasons'
import { orderSteps } from './stepOrder'
import { fillTexts, variablesOf, workflowTexts } from './workflowTexts'

/**
 * What a workflow would do. With `vars` it also tells the variables that have no value. What is wrong is in `findings`,
 * and then parts of the plan may be missing. Throws only where the file cannot be read at all.
 */
export async function planWorkflow(
  choice: WorkflowChoice & { readonly vars: Readonly<Record<string, string>> | null },
): Promise<WorkflowPlan> {
  const { raw, config, index, findings, others } = await checkFile(choice)
  const workflow = config?.workflows[index]
  const texts = config && workflow ? workflowTexts(config, index) : []
  if (choice.vars) fillTexts(texts, choice.vars, findings)
  await findings.place()
  const head = headOf(raw)
  const steps = workflow?.steps ?? []
  const { waves, circle } = orderSteps(steps)
  const reliability = config && workflow ? reliabilityOf(config, workflow) : undefined
  return {
    file: choice.shown ?? choice.path,
    name: config?.name ?? head.name,
    description: config?.description ?? null,
    workflow: workflow?.name ?? '',
    workflows: config?.workflows.map(({ name }) => name) ?? [],
    strategy: reliability?.strategy ?? 'retry',
    steps: steps.map((step) => toPlannedStep(step, { config, reliability, workspaceDir: choice.workspaceDir })),
    waves: circle ? [] : waves.map((wave) => [...wave]),
    variables: [...variablesOf(texts)],
    preflight: (workflow?.preflight ?? []).map(({ command, description }) => ({
      command,
      description: description ?? null,
    })),
    findings: [...findings.list(), ...others],
    runner: runnerOf(steps),
  }
}

function headOf(raw: unknown): { readonly name: string } {
  const name = typeof raw === 'object' && raw !== null && 'name' in raw ? raw.name : ''
  return { name: typeof name === 'string' ? name : '' }
}

function toPlannedStep(
  step: FileStep,
  {
    config,
    reliability,
    workspaceDir,
  }: {
    readonly config: WorkflowFile | null
    readonly reliability: Reliability | undefined
    readonly workspaceDir: string
  },
): PlannedStep {
  return {
    name: step.name,
    type: step.type,
    dependsOn: step.dependsOn,
    command: textOf(step) || null,
    cwd: folderOf(step, config, workspaceDir),
    retries: step.retries ?? reliability?.maxRetries ?? 0,
    timeoutMs: step.timeoutMs ?? null,
    verification: step.verification ? verificationText(step.verification) : null,
    rollback: step.rollback ?? null,
  }
}

function folderOf(step: FileStep, config: WorkflowFile | null, workspaceDir: string): string | null {
  if (step.cwd !== undefined) return step.cwd
  if (step.workdir === undefined) return null
  try {
    return stepFolder(step, { workspaceDir, paths: config?.paths ?? [] })
  } catch {
    return step.workdir
  }
}

function verificationText({ type, value }: Verification): string {
  const shown = JSON.stringify(String(value))
  switch (type) {
    case 'output_contains':
      return `the output contains ${shown}`
    case 'file_exists':
      return `the file ${shown} exists`
    case 'custom':
      return `${String(value)} succeeds`
    case 'exit_code':
      return 'the command succeeds'
    case 'pr_url':
      return value === '' ? 'the output names a pull request' : `the output names a pull request of ${String(value)}`
  }
}
