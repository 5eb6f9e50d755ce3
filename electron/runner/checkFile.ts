import { setImmediate as nextTurn } from 'node:timers/promises'
import { RundeskError } from '../../shared/outcome'
import type { WorkflowFile } from '../../shared/workflowFile'
import type { Finding } from '../../shared/workflows'
import { checkWorkflow } from './checkWorkflow'
import { expandCustomSteps, readCustomSteps, usesCustomSteps } from './customSteps'
import { createFindings, type FindingList } from './findings'
import { checkNamedPaths } from './namedPaths'
import { indexOfWorkflow } from './parseWorkflow'
import { checkTemplates, workflowTexts } from './workflowTexts'
import { parseYaml } from './yamlSource'
import { readYamlText } from './yamlText'

/** Which workflow of which file, for which workspace. */
export interface WorkflowChoice {
  readonly path: string
  /** How messages name the file; its path unless given. */
  readonly shown?: string
  readonly workspaceDir: string
  readonly chosen?: string | undefined
}

/** A workflow file that was read and checked. */
export interface CheckedFile {
  /** What the file says, custom steps put in. */
  readonly raw: unknown
  /** Null when its types do not fit. */
  readonly config: WorkflowFile | null
  /** Of the chosen workflow; -1 where there is none. */
  readonly index: number
  readonly findings: FindingList
  /** Of `.relay/steps.yaml`. */
  readonly others: readonly Finding[]
}

/**
 * Reads and checks a workflow file, and puts the workspace's custom steps in. What is wrong is in its findings, which are
 * still to be placed; throws `invalid_workflow` only where there is no file to read.
 */
export async function checkFile({ path, shown = path, workspaceDir, chosen }: WorkflowChoice): Promise<CheckedFile> {
  const findings = createFindings(shown)
  const nothing: CheckedFile = { raw: undefined, config: null, index: -1, findings, others: [] }
  const source = await parseYaml(await readYamlText(path, shown), findings)
  if (!source) return nothing
  findings.locate(source)
  let raw = source.value
  let others: readonly Finding[] = []
  if (usesCustomSteps(raw)) {
    const custom = await readCustomSteps(workspaceDir)
    raw = expandCustomSteps(raw, custom.steps, findings)
    others = custom.findings.list()
  }
  await nextTurn()
  const config = checkWorkflow(raw, findings)
  if (!config) return { ...nothing, raw, others }
  await checkNamedPaths(config.paths ?? [], workspaceDir, findings)
  await nextTurn()
  const index = chosenIndex(config, { origin: shown, chosen }, findings)
  const workflow = config.workflows[index]
  if (workflow) {
    const names = workflow.steps.map(({ name }) => name)
    checkTemplates(workflowTexts(config, index), names, findings)
  }
  return { raw, config, index, findings, others }
}

function chosenIndex(
  config: WorkflowFile,
  choice: { readonly origin: string; readonly chosen: string | undefined },
  findings: FindingList,
): number {
  try {
    return indexOfWorkflow(config, choice)
  } catch (error) {
    if (!(error instanceof RundeskError)) throw error
    const message = error.message.slice(choice.origin.length + 2)
    findings.add(['workflows'], { severity: 'error', message })
    return -1
  }
}
