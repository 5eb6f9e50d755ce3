import { readFile, stat } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import { errnoCode } from '../files/errnoCode'

const name = z.string().trim().min(1).max(500)
const duration = z.number().int().min(0)

const verificationSchema = z.looseObject({
  type: z.enum(['output_contains', 'file_exists', 'custom', 'exit_code']),
  value: z.union([z.string(), z.number()]).default(''),
  timeoutMs: duration.optional(),
})
export type Verification = z.infer<typeof verificationSchema>

const stepSchema = z.looseObject({
  name,
  type: z.string().default('agent'),
  command: z.string().min(1).optional(),
  dependsOn: z.array(name).default([]),
  timeoutMs: duration.optional(),
  retries: z.number().int().min(0).max(1000).optional(),
  verification: verificationSchema.optional(),
  cwd: z.string().optional(),
  failOnError: z.boolean().default(true),
  captureOutput: z.boolean().default(true),
  env: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)).default([]),
})

const configSchema = z.looseObject({
  version: z.string(),
  name,
  swarm: z.looseObject({ pattern: z.string(), maxConcurrency: z.number().int().min(1).optional() }),
  errorHandling: z
    .looseObject({
      strategy: z.enum(['fail-fast', 'continue', 'retry']).optional(),
      maxRetries: z.number().int().min(0).max(1000).optional(),
      retryDelayMs: duration.optional(),
      repairRetries: z.number().int().min(0).optional(),
    })
    .optional(),
  workflows: z.array(z.looseObject({ name, steps: z.array(stepSchema).min(1) })).min(1),
})
export type WorkflowConfig = z.infer<typeof configSchema>

/** A step that the built-in runner can run. */
export type ShellStep = z.infer<typeof stepSchema> & { readonly command: string }

/** A checked workflow: its configuration as the run row stores it, and the chosen entry's steps. */
export interface Workflow {
  readonly config: WorkflowConfig
  readonly name: string
  readonly pattern: string
  readonly steps: readonly ShellStep[]
  readonly strategy: 'fail-fast' | 'continue' | 'retry'
  readonly maxRetries: number
  readonly retryDelayMs: number
  readonly maxConcurrency: number
}

const maxFileBytes = 4 * 1024 * 1024

/** Reads a workflow file (docs/formats-runner.md) as YAML. Throws `invalid_workflow` naming file, line and column. */
export async function readWorkflowFile(path: string): Promise<unknown> {
  let text: string
  try {
    const file = await stat(path)
    if (file.isDirectory()) throw new RundeskError('invalid_workflow', `${path} is a folder. Name the workflow file.`)
    if (file.size > maxFileBytes)
      throw new RundeskError('invalid_workflow', `${path} has ${file.size} bytes. A workflow file holds at most 4 MiB.`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof RundeskError) throw error
    throw new RundeskError('invalid_workflow', `${path} cannot be read (${errnoCode(error) ?? String(error)}).`, {
      cause: error,
    })
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [problem] = document.errors
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0])
    throw new RundeskError(
      'invalid_workflow',
      `${path}:${line}:${col}: this is not valid YAML: ${problem.message.split('\n')[0]}`,
    )
  }
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new RundeskError('invalid_workflow', `${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/**
 * Checks a configuration and chooses one of its workflows: the named one, else the first. `origin` names it in messages.
 * Throws `invalid_workflow` for what is wrong, and `not_supported` for what the built-in runner cannot run.
 */
export function toWorkflow(
  value: unknown,
  { origin, chosen }: { readonly origin: string; readonly chosen?: string | undefined },
): Workflow {
  const fail = (message: string): never => {
    throw new RundeskError('invalid_workflow', `${origin}: ${message}`)
  }
  const parsed = configSchema.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return fail(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is not valid'}`)
  }
  const config = withReliabilityDefaults(parsed.data, value)
  const workflow = chosen === undefined ? config.workflows[0] : config.workflows.find((entry) => entry.name === chosen)
  if (!workflow)
    return fail(
      `there is no workflow ${JSON.stringify(chosen)}. It has: ${config.workflows.map((entry) => entry.name).join(', ')}`,
    )
  checkNames(workflow.steps, fail)
  checkDependencies(workflow.steps, fail)
  const steps = workflow.steps.map((step) => toShellStep(step, { origin, preflight: 'preflight' in workflow }))
  const strategy = config.errorHandling?.strategy ?? 'retry'
  return {
    config,
    name: workflow.name,
    pattern: config.swarm.pattern,
    steps,
    strategy,
    maxRetries: config.errorHandling?.maxRetries ?? 0,
    retryDelayMs: config.errorHandling?.retryDelayMs ?? 1000,
    maxConcurrency: config.swarm.maxConcurrency ?? Number.POSITIVE_INFINITY,
  }
}

/** A missing strategy, or `retry`, is two retries a second apart; `fail-fast` and `continue` are left as they are. */
function withReliabilityDefaults(config: WorkflowConfig, value: unknown): WorkflowConfig {
  const stored = structuredClone(value) as WorkflowConfig // Only what the file says, so that other tools find nothing new in it.
  const { errorHandling } = config
  if (errorHandling?.strategy === 'fail-fast' || errorHandling?.strategy === 'continue')
    return { ...config, ...keepRaw(stored, config) }
  return {
    ...config,
    ...keepRaw(stored, config),
    errorHandling: {
      ...errorHandling,
      strategy: 'retry',
      maxRetries: errorHandling?.maxRetries ?? errorHandling?.repairRetries ?? 2,
      retryDelayMs: errorHandling?.retryDelayMs ?? 1000,
    },
  }
}

function keepRaw(stored: WorkflowConfig, parsed: WorkflowConfig): Partial<WorkflowConfig> {
  return { ...stored, workflows: parsed.workflows, swarm: parsed.swarm, ...('agents' in stored ? {} : { agents: [] }) }
}

function checkNames(steps: readonly { readonly name: string }[], fail: (message: string) => never): void {
  const seen = new Set<string>()
  for (const step of steps) {
    if (seen.has(step.name)) fail(`two steps are named ${JSON.stringify(step.name)}. Give each step its own name`)
    seen.add(step.name)
  }
}

function checkDependencies(
  steps: readonly { readonly name: string; readonly dependsOn: readonly string[] }[],
  fail: (message: string) => never,
): void {
  const byName = new Map(steps.map((step) => [step.name, step]))
  for (const step of steps) {
    const missing = step.dependsOn.find((dependency) => !byName.has(dependency))
    if (missing !== undefined)
      fail(`step ${JSON.stringify(step.name)} depends on ${JSON.stringify(missing)}, which is no step of this workflow`)
  }
  const settled = new Set<string>()
  for (let left = steps.length; left > 0; ) {
    for (const step of steps) if (step.dependsOn.every((dependency) => settled.has(dependency))) settled.add(step.name)
    const still = steps.length - settled.size
    if (still === left) {
      fail(
        `these steps wait for each other in a circle: ${steps
          .filter((step) => !settled.has(step.name))
          .map((step) => step.name)
          .join(', ')}`,
      )
    }
    left = still
  }
}

function toShellStep(
  step: z.infer<typeof stepSchema>,
  { origin, preflight }: { readonly origin: string; readonly preflight: boolean },
): ShellStep {
  const refuse = (what: string, way: string): never => {
    throw new RundeskError(
      'not_supported',
      `${origin}: step ${JSON.stringify(step.name)} ${what}, which the built-in runner cannot run. ${way}`,
    )
  }
  const published = 'Run this workflow with the published runner of @relayflows/core; Rundesk shows its runs.'
  if (preflight) refuse('belongs to a workflow with preflight checks', published)
  if ('use' in step) refuse('uses a custom step', published)
  if ('workdir' in step) refuse('names a workdir', published)
  if (step.type !== 'deterministic') refuse(`is of type ${JSON.stringify(step.type)}`, published)
  const { command } = step
  if (command === undefined)
    throw new RundeskError('invalid_workflow', `${origin}: step ${JSON.stringify(step.name)} has no command`)
  return { ...step, command }
}
