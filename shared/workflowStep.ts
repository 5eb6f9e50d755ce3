import { z } from 'zod'

/** A name of the file: trimmed, not empty, at most 500 characters. */
export const workflowName = z.string().trim().min(1).max(500)
export const durationMs = z.number().int().min(0)
const templated = 'Takes {{variables}} and {{steps.NAME.output}}.'

export const verificationTypes = ['output_contains', 'file_exists', 'custom', 'exit_code', 'pr_url'] as const

export const verificationSchema = z
  .object({
    type: z
      .enum(verificationTypes)
      .describe(
        'output_contains: stdout holds the value. file_exists: the file is there, relative to the folder of the step. custom: the value is a command that exits with 0. exit_code: the command succeeded. pr_url: stdout holds the address of a GitHub pull request.',
      ),
    value: z
      .union([z.string(), z.number()])
      .default('')
      .describe('What is looked for; for pr_url nothing, or OWNER/REPO. Takes {{variables}}.'),
    description: z.string().optional().describe('What the check proves, for people.'),
    timeoutMs: durationMs.optional().describe('For custom: how long it may take, in ms (30000 unless set).'),
    diagnosticAgent: z.string().optional().describe('The agent that looks into a failed check (published runner).'),
    diagnosticTimeout: durationMs.optional().describe('How long that agent may take, in ms.'),
  })
  .describe('What must hold for the step to count as completed.')
export type Verification = z.infer<typeof verificationSchema>

export const backoffSchema = z
  .object({
    baseMs: durationMs.describe('The first delay, in ms; it doubles with each retry.'),
    maxMs: durationMs.optional().describe('The longest delay, in ms.'),
    jitter: z.number().min(0).max(1).optional().describe('From 0 to 1: the part of the delay that is left to chance.'),
  })
  .describe("Delays between retries that grow. Rundesk's own key; other tools ignore it.")

const exitCodes = z.array(z.number().int().min(0).max(255))
const own = "Rundesk's own key; other tools ignore it."

export const stepTypes = ['agent', 'deterministic', 'worktree', 'integration', 'waitFor'] as const

export const stepSchema = z
  .object({
    name: workflowName.describe('Unique among the steps of the workflow.'),
    type: z
      .enum(stepTypes)
      .default('agent')
      .describe(
        'deterministic: a shell command. worktree: a git worktree. agent, integration, waitFor: only the published runner runs them.',
      ),
    description: z.string().optional().describe('What the step does, for people.'),
    use: z
      .string()
      .min(1)
      .optional()
      .describe('A custom step of .relay/steps.yaml; its parameters are keys of this step.'),
    dependsOn: z.array(workflowName).default([]).describe('The steps that must complete before this one starts.'),
    timeoutMs: durationMs.optional().describe('How long one attempt may take, in ms.'),
    retries: z.number().int().min(0).max(1000).optional().describe('How often a failed attempt is tried again.'),
    verification: verificationSchema.optional(),
    cwd: z
      .string()
      .optional()
      .describe('The folder to run in, relative to and inside the workspace. Takes {{variables}}.'),
    workdir: z.string().optional().describe('The name of an entry of `paths` to run in; `cwd` wins over it.'),
    maxIterations: z.number().optional().describe('Accepted and ignored.'),

    command: z.string().min(1).optional().describe(`The command, run by sh -c. ${templated}`),
    failOnError: z.boolean().default(true).describe('Does an exit code other than 0 fail the step?'),
    captureOutput: z.boolean().default(true).describe('Is stdout the output of the step?'),

    branch: z.string().optional().describe(`The branch of the worktree. ${templated}`),
    baseBranch: z.string().optional().describe(`What a new branch starts from (HEAD unless set). ${templated}`),
    path: z
      .string()
      .optional()
      .describe(`The folder of the worktree, inside the workspace (.worktrees/NAME unless set). ${templated}`),
    createBranch: z.boolean().optional().describe('Is a branch made that does not exist? True unless set.'),

    agent: z.string().optional().describe('The agent of an agent step.'),
    task: z.string().optional().describe(`What the agent is to do. ${templated}`),
    humanAssistance: z.unknown().optional().describe('How the agent asks people (published runner).'),
    integration: z.string().optional().describe('The service of an integration step, such as github.'),
    action: z.string().optional().describe('What an integration step does there, such as create-pr.'),
    params: z.record(z.string(), z.unknown()).optional().describe('Parameters of the action.'),
    waitFor: z.record(z.string(), z.unknown()).optional().describe('The event that a waitFor step waits for.'),

    rollback: z
      .string()
      .min(1)
      .optional()
      .describe(`The command that takes back what the finished step did. ${templated} ${own}`),
    criticalExitCodes: exitCodes.optional().describe(`Exit codes after which nothing is tried again. ${own}`),
    retryOn: exitCodes.optional().describe(`The only exit codes after which it is tried again. ${own}`),
    backoff: backoffSchema.optional(),
    env: z
      .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable'))
      .default([])
      .describe(
        `Variables that the step sees besides the allow-listed ones: of Rundesk's environment, and RUNDESK_OUTPUT_STEP of steps that it does not depend on. ${own}`,
      ),
  })
  .describe('One step.')
/** A step as the file has it, with its defaults. */
export type FileStep = z.infer<typeof stepSchema>

const paramSchema = z.object({
  name: z.string().min(1).describe('The name, as in {{name}} and as a key of the using step.'),
  required: z.boolean().optional().describe('Must a using step give it? False unless set.'),
  default: z.union([z.string(), z.number(), z.boolean()]).optional().describe('Its value where a step gives none.'),
  description: z.string().optional(),
})

export const customStepSchema = z
  .object({
    description: z.string().optional().describe('What the step does, for people.'),
    params: z.array(paramSchema).optional().describe('What a using step may give. {{NAME}} stands for it.'),
    type: z.enum(['deterministic', 'worktree']).optional().describe('Told by `command` or `branch` unless set.'),
    command: z.string().min(1).optional().describe('The command; {{parameters}} are put in as they are.'),
    branch: z.string().min(1).optional().describe('The branch of a worktree step.'),
    baseBranch: z.string().optional().describe('What a new branch starts from.'),
    path: z.string().optional().describe('The folder of the worktree.'),
    createBranch: z.boolean().optional().describe('Is a branch made that does not exist?'),
    failOnError: z.boolean().optional().describe('Does an exit code other than 0 fail the step?'),
    captureOutput: z.boolean().optional().describe('Is stdout the output of the step?'),
    timeoutMs: durationMs.optional().describe('How long one attempt may take, in ms.'),
  })
  .describe('A step that workflows use by its name.')
export type CustomStep = z.infer<typeof customStepSchema>

/** `.relay/steps.yaml`. */
export const customStepsFileSchema = z.object({
  steps: z.record(z.string(), customStepSchema).describe('The custom steps by name.'),
})
