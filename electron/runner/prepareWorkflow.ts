import { readWorkflowFile, toWorkflow, type Workflow } from './parseWorkflow'
import { fillText, fillVariables } from './substitute'

/**
 * Reads a workflow file, checks it, chooses one of its workflows (the first when none is named) and fills its variables
 * in. Throws what `readWorkflowFile` and `toWorkflow` throw, and `invalid_workflow` for a variable without a value.
 */
export async function prepareWorkflow(
  path: string,
  { chosen, vars }: { readonly chosen?: string | undefined; readonly vars: Readonly<Record<string, string>> },
): Promise<Workflow> {
  return withVariables(toWorkflow(await readWorkflowFile(path), { origin: path, chosen }), vars)
}

/** The workflow with `{{var}}` filled in, in the steps and in the configuration that the row stores. */
function withVariables(workflow: Workflow, vars: Readonly<Record<string, string>>): Workflow {
  const steps = workflow.steps.map((step) => ({
    ...step,
    command: fillVariables(step.command, { step: step.name, vars }),
    ...(step.cwd === undefined ? {} : { cwd: fillText(step.cwd, vars) }),
    ...(step.verification ? { verification: { ...step.verification, value: verificationValue(step, vars) } } : {}),
  }))
  const workflows = workflow.config.workflows.map((entry) =>
    entry.name === workflow.name ? { ...entry, steps } : entry,
  )
  return { ...workflow, steps, config: { ...workflow.config, workflows } }
}

function verificationValue(step: Workflow['steps'][number], vars: Readonly<Record<string, string>>): string {
  const value = String(step.verification?.value ?? '')
  return step.verification?.type === 'custom' ? fillVariables(value, { step: step.name, vars }) : fillText(value, vars)
}
