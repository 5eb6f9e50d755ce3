import { z } from 'zod'
import { durationMs, stepSchema, workflowName } from './workflowStep'

const agentSchema = z
  .looseObject({
    name: z.string().describe('The name that steps refer to.'),
    cli: z.string().describe('The program: claude, codex, gemini, aider, goose, opencode, droid, cursor, agent, api.'),
    role: z.string().optional().describe('What the agent is for.'),
    task: z.string().optional().describe('The task it has unless a step gives one. Takes {{variables}}.'),
  })
  .describe('An agent. Only the published runner starts agents.')

const preflightSchema = z
  .object({
    command: z.string().min(1).describe('A command that must exit with 0 within 30 s. Takes {{variables}}.'),
    failIf: z
      .string()
      .optional()
      .describe('`non-empty`, `empty`, or a regular expression: output for which the check fails.'),
    successIf: z.string().optional().describe('A regular expression that the output must match.'),
    description: z.string().optional().describe('What the check proves, for people.'),
  })
  .describe('A check that runs before anything is recorded. When one fails, nothing is started.')
export type PreflightCheck = z.infer<typeof preflightSchema>

const workflowSchema = z
  .object({
    name: workflowName,
    description: z.string().optional(),
    preflight: z.array(preflightSchema).optional().describe('Checks before the first step; a resume skips them.'),
    steps: z.array(stepSchema).min(1),
    onError: z
      .enum(['fail', 'skip', 'retry'])
      .optional()
      .describe('The strategy where errorHandling names none; skip: other branches go on.'),
  })
  .describe('One workflow of the file.')
export type FileWorkflow = z.infer<typeof workflowSchema>

const pathSchema = z
  .object({
    name: workflowName.describe('The name that `workdir` refers to.'),
    path: z
      .string()
      .min(1)
      .describe('A folder, relative to the workspace; it may lie elsewhere. $NAME stands for a variable.'),
    description: z.string().optional(),
    required: z.boolean().optional().describe('Must it exist when the workflow starts? True unless set.'),
  })
  .describe('A folder with a name.')
export type NamedPath = z.infer<typeof pathSchema>

const swarmSchema = z
  .object({
    pattern: z
      .string()
      .describe('How agents work together, such as dag, pipeline, fan-out. Shell steps follow dependsOn.'),
    maxConcurrency: z.number().int().min(1).optional().describe('How many steps run at the same time at most.'),
    timeoutMs: durationMs.optional().describe('For agent steps, in ms.'),
    tokenBudget: z.number().optional(),
    channel: z.string().optional(),
    idleNudge: z.unknown().optional(),
    completionGracePeriodMs: durationMs.optional(),
    credentialProxy: z.unknown().optional(),
    humanAssistance: z.unknown().optional(),
  })
  .describe('How the steps work together.')

const errorHandlingSchema = z
  .object({
    strategy: z
      .enum(['fail-fast', 'continue', 'retry'])
      .optional()
      .describe(
        'fail-fast: after a failure nothing new starts. continue: other branches go on. retry, and a missing one: fail-fast after two retries a second apart.',
      ),
    maxRetries: z.number().int().min(0).max(1000).optional().describe('Retries of each step that names none itself.'),
    retryDelayMs: durationMs.optional().describe('The delay before a retry, in ms (1000 unless set).'),
    notifyChannel: z.string().optional(),
    repairAgent: z.string().optional(),
    repairRetries: z.number().int().min(0).optional(),
    onExhaustion: z.enum(['fail', 'needs-human']).optional().describe('For agents: what the run becomes.'),
  })
  .describe('What happens after a failure.')

const open = z.record(z.string(), z.unknown())

/**
 * A workflow file as the published runners take it, with Rundesk's own keys (docs/formats-runner.md). Keys it does not
 * know are warned of, not refused; `looseObject`s are parts that only the published runner reads.
 */
export const workflowFileSchema = z
  .object({
    version: z.string().describe('The version of the format, "1.0".'),
    name: workflowName,
    description: z.string().optional(),
    permission_profiles: open.optional().describe('Permissions that agents share (published runner).'),
    paths: z.array(pathSchema).optional().describe('Folders that steps name in `workdir`.'),
    swarm: swarmSchema,
    agents: z.array(agentSchema).optional().describe('The agents of agent steps.'),
    workflows: z.array(workflowSchema).min(1).describe('The workflows; without a choice the first one runs.'),
    coordination: open.optional().describe('Barriers and votes of agents (published runner).'),
    state: open.optional().describe('Where agents keep state (published runner).'),
    errorHandling: errorHandlingSchema.optional(),
    integrations: open.optional().describe('Services and their events (published runner).'),
    trajectories: z
      .union([
        z.literal(false),
        z.object({
          enabled: z.boolean().optional(),
          reflectOnBarriers: z.boolean().optional(),
          reflectOnConverge: z.boolean().optional(),
          autoDecisions: z.boolean().optional(),
        }),
      ])
      .optional()
      .describe('Is a trajectory of each run written? True unless set.'),
  })
  .describe('A workflow file.')
export type WorkflowFile = z.infer<typeof workflowFileSchema>
