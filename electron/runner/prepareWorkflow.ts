import { setImmediate as nextTurn } from 'node:timers/promises'
import type { WorkflowFile } from '../../shared/workflowFile'
import type { Finding, WorkflowRunner } from '../../shared/workflows'
import { checkFile, type WorkflowChoice } from './checkFile'
import { reliabilityOf, withReliability } from './errorHandling'
import { invalidWorkflow } from './findings'
import type { WorkflowConfig } from './parseWorkflow'
import { runnerOf } from './publishedReasons'
import { fillTexts, workflowTexts } from './workflowTexts'
import type { DocumentPath } from './yamlSource'

/** What to run, and the values of its variables. */
export type WorkflowStart = WorkflowChoice & { readonly vars: Readonly<Record<string, string>> }

/** A workflow of any kind, ready to be recorded. */
export interface PreparedWorkflow {
  /** As a run's row stores it. */
  readonly config: WorkflowConfig
  /** The same as it was checked; undefined where variables were filled in since. */
  readonly checked: WorkflowFile | undefined
  readonly name: string
  readonly runner: WorkflowRunner
  readonly warnings: readonly Finding[]
}

/**
 * Reads a workflow of any kind and fills its variables in. Throws `invalid_workflow` with everything that is wrong, as
 * text and in `details.findings`. Writes nothing and runs nothing.
 */
export async function prepareWorkflow(choice: WorkflowStart): Promise<PreparedWorkflow> {
  const { raw, config, index, findings, others } = await checkFile(choice)
  await nextTurn()
  const workflow = config?.workflows[index]
  const texts = config && workflow ? workflowTexts(config, index) : []
  const filled = fillTexts(texts, choice.vars, findings)
  await findings.place()
  const all = [...findings.list(), ...others]
  if (!config || !workflow || all.some(({ severity }) => severity === 'error')) throw invalidWorkflow(all)
  const stored = structuredClone(raw)
  for (const { path, text } of filled) put(stored, path, text)
  for (const { path, value } of namesOf(config)) put(stored, path, value)
  return {
    config: withReliability(stored, reliabilityOf(config, workflow)),
    checked: filled.every(({ text }, place) => text === texts[place]?.text) ? config : undefined,
    name: workflow.name,
    runner: runnerOf(workflow.steps),
    warnings: all,
  }
}

/** Names as they were checked: without blanks around them. */
function namesOf({ workflows }: WorkflowFile): readonly { readonly path: DocumentPath; readonly value: unknown }[] {
  return workflows.flatMap(({ name, steps }, index) => [
    { path: ['workflows', index, 'name'], value: name },
    ...steps.flatMap((step, number) => [
      { path: ['workflows', index, 'steps', number, 'name'], value: step.name },
      ...(step.dependsOn.length === 0
        ? []
        : [{ path: ['workflows', index, 'steps', number, 'dependsOn'], value: step.dependsOn }]),
    ]),
  ])
}

function put(root: unknown, path: DocumentPath, value: unknown): void {
  let part = root as Record<string | number, unknown> | undefined
  for (const key of path.slice(0, -1)) part = part?.[key] as typeof part
  const last = path.at(-1)
  if (part && last !== undefined) part[last] = value
}
