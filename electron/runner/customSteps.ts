import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { issueWords } from '../../shared/issueWords'
import { RundeskError } from '../../shared/outcome'
import { type CustomStep, customStepSchema, customStepsFileSchema, type FileStep } from '../../shared/workflowStep'
import { withoutNulls } from './checkWorkflow'
import { createFindings, type FindingList } from './findings'
import { didYouMean } from './nearestName'
import { replaceInText } from './quoteContext'
import { unknownKeys } from './unknownKeys'
import type { DocumentPath } from './yamlSource'
import { parseYaml } from './yamlSource'
import { readYamlText } from './yamlText'

const customStepsFile = '.relay/steps.yaml'

/** What a workspace's `.relay/steps.yaml` holds. Without the file there are none. What is wrong with it is in `findings`. */
export async function readCustomSteps(
  workspaceDir: string,
): Promise<{ readonly steps: ReadonlyMap<string, CustomStep>; readonly findings: FindingList }> {
  const findings = createFindings(customStepsFile)
  const steps = new Map<string, CustomStep>()
  const path = join(workspaceDir, customStepsFile)
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (!isThere) return { steps, findings }
  try {
    const source = await parseYaml(await readYamlText(path, customStepsFile), findings)
    if (!source) return { steps, findings }
    findings.locate(source)
    const value = withoutNulls(source.value)
    const known = isRecord(value) && isRecord(value.steps) ? value.steps : undefined
    if (!known) findings.add([], { severity: 'error', message: 'this file holds no "steps": a map of names to steps' })
    for (const { path: at, hint } of unknownKeys(customStepsFileSchema, value))
      findings.add(at, {
        severity: 'warning',
        part: 'key',
        message: () => `this key is not known and is ignored${hint()}`,
      })
    for (const [name, item] of Object.entries(known ?? {})) {
      const step = checkCustomStep(item, ['steps', name], findings)
      if (step) steps.set(name, step)
    }
  } catch (error) {
    if (!(error instanceof RundeskError)) throw error
    findings.add([], { severity: 'error', message: error.message })
  }
  await findings.place()
  return { steps, findings }
}

function checkCustomStep(value: unknown, path: DocumentPath, findings: FindingList): CustomStep | null {
  const name = JSON.stringify(path.at(-1))
  const parsed = customStepSchema.safeParse(value)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const at = [...path, ...issue.path.filter((part) => typeof part !== 'symbol')]
      findings.add(at, {
        severity: 'error',
        message: `custom step ${name}: ${issue.path.join('.')} ${issueWords(issue)}`,
      })
    }
    return null
  }
  const step = parsed.data
  const key = typeOf(step) === 'worktree' ? 'branch' : 'command'
  if (step[key] !== undefined) return step
  findings.add(path, {
    severity: 'error',
    message: `custom step ${name} has neither a command nor, as a worktree, a branch`,
  })
  return null
}

function typeOf(step: CustomStep): 'deterministic' | 'worktree' {
  return step.type ?? (step.command === undefined && step.branch !== undefined ? 'worktree' : 'deterministic')
}

/** Keys that a using step keeps; `always` even where a parameter has the same name. */
const always: readonly string[] = ['name', 'dependsOn', 'timeoutMs'] satisfies (keyof FileStep)[]
const kept: readonly string[] = [
  ...always,
  ...([
    'description',
    'retries',
    'verification',
    'cwd',
    'workdir',
    'rollback',
    'criticalExitCodes',
    'retryOn',
    'backoff',
    'env',
  ] satisfies (keyof FileStep)[]),
]

/** Does any step of this configuration use a custom step? */
export function usesCustomSteps(config: unknown): boolean {
  return stepsOf(config).some(({ step }) => 'use' in step)
}

/**
 * The configuration with every `use` replaced by the custom step, its parameters put in as they are. What cannot be
 * replaced stays, and is told.
 */
export function expandCustomSteps(
  config: unknown,
  steps: ReadonlyMap<string, CustomStep>,
  findings: FindingList,
): unknown {
  const expanded = structuredClone(config)
  for (const { step, list, path } of stepsOf(expanded)) {
    if (step.use === undefined || step.use === null) continue
    const used = expandStep(step, path, { steps, findings })
    const index = path.at(-1)
    if (used && typeof index === 'number') list[index] = used
  }
  return expanded
}

function stepsOf(config: unknown): readonly {
  readonly step: Readonly<Record<string, unknown>>
  readonly list: unknown[]
  readonly path: DocumentPath
}[] {
  const workflows = isRecord(config) && Array.isArray(config.workflows) ? config.workflows : []
  return workflows.flatMap((workflow: unknown, at) => {
    const list: unknown[] = isRecord(workflow) && Array.isArray(workflow.steps) ? workflow.steps : []
    return list.flatMap((step, index) =>
      isRecord(step) ? [{ step, list, path: ['workflows', at, 'steps', index] }] : [],
    )
  })
}

function expandStep(
  step: Readonly<Record<string, unknown>>,
  path: DocumentPath,
  { steps, findings }: { readonly steps: ReadonlyMap<string, CustomStep>; readonly findings: FindingList },
): Readonly<Record<string, unknown>> | null {
  const fail = (at: DocumentPath, message: string): null => {
    findings.add(at, { severity: 'error', message })
    return null
  }
  const { use } = step
  const custom = typeof use === 'string' ? steps.get(use) : undefined
  const name = JSON.stringify(step.name)
  if (!custom)
    return fail(
      [...path, 'use'],
      `step ${name} uses ${JSON.stringify(use)}, which is no step of ${customStepsFile}${didYouMean(String(use), steps.keys())}`,
    )
  const values = new Map<string, string>()
  let complete = true
  for (const param of custom.params ?? []) {
    const given = Object.hasOwn(step, param.name) ? step[param.name] : undefined
    if (typeof given === 'object' && given !== null) {
      fail([...path, param.name], `the parameter ${JSON.stringify(param.name)} takes a text or a number`)
      complete = false
    } else if (given !== undefined && given !== null) values.set(param.name, String(given))
    else if (param.default !== undefined) values.set(param.name, String(param.default))
    else if (param.required) {
      fail(path, `step ${name} uses ${JSON.stringify(use)} without its parameter ${JSON.stringify(param.name)}`)
      complete = false
    }
  }
  if (!complete) return null
  const params = new Set((custom.params ?? []).map((param) => param.name))
  const own = Object.entries(step).filter(([key]) => always.includes(key) || (kept.includes(key) && !params.has(key)))
  for (const key of Object.keys(step)) {
    if (key === 'use' || params.has(key) || kept.includes(key) || (key === 'type' && step.type === typeOf(custom)))
      continue
    const message = `${JSON.stringify(key.slice(0, 100))} is no parameter of the custom step ${JSON.stringify(use)} and is ignored${didYouMean(key, params)}`
    findings.add([...path, key], { severity: 'warning', part: 'key', message })
  }
  return { ...bodyOf(custom, values), ...Object.fromEntries(own) }
}

function bodyOf(custom: CustomStep, values: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  const fill = (text: string): string => replaceInText(text, (name, whole) => values.get(name) ?? whole)
  const { params: _params, type: _type, ...rest } = custom
  const texts = new Set(['command', 'branch', 'baseBranch', 'path'])
  const filled = Object.entries(rest).map(([key, value]) => [
    key,
    texts.has(key) && typeof value === 'string' ? fill(value) : value,
  ])
  return { type: typeOf(custom), ...Object.fromEntries(filled) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
