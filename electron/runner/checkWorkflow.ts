import type { z } from 'zod'
import { type FileWorkflow, type WorkflowFile, workflowFileSchema } from '../../shared/workflowFile'
import type { FileStep } from '../../shared/workflowStep'
import type { FindingList } from './findings'
import { didYouMean } from './nearestName'
import { orderSteps } from './stepOrder'
import { type UnknownKey, unknownKeys } from './unknownKeys'
import type { DocumentPath } from './yamlSource'

/**
 * Checks a configuration whose custom steps are expanded: types, names, dependencies, what each kind of step needs. All
 * that is found goes to `findings`. Null when the types do not fit.
 */
export function checkWorkflow(value: unknown, findings: FindingList): WorkflowFile | null {
  const present = withoutNulls(value)
  for (const unknown of unknownKeys(workflowFileSchema, present))
    if (!isParameter(present, unknown.path)) tellUnknown(unknown, findings)
  const parsed = workflowFileSchema.safeParse(present)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) tellIssue(issue, findings)
    return null
  }
  const config = parsed.data
  checkNames(config.workflows, { path: ['workflows'], what: 'workflows' }, findings)
  checkNames(config.paths ?? [], { path: ['paths'], what: 'paths' }, findings)
  const places = new Set((config.paths ?? []).map(({ name }) => name))
  const agents = new Set((config.agents ?? []).map(({ name }) => name))
  for (const [index, workflow] of config.workflows.entries()) {
    const path: DocumentPath = ['workflows', index]
    checkNames(workflow.steps, { path: [...path, 'steps'], what: 'steps' }, findings)
    checkDependencies(workflow, path, findings)
    checkPreflight(workflow, path, findings)
    for (const [number, step] of workflow.steps.entries())
      checkStep(step, { path: [...path, 'steps', number], places, agents }, findings)
  }
  return config
}

/** Keys of a step whose custom step could not be found may be parameters. */
function isParameter(value: unknown, path: DocumentPath): boolean {
  if (path.length !== 5 || path[2] !== 'steps') return false
  let step: unknown = value
  for (const part of path.slice(0, 4)) step = isRecord(step) ? step[part] : undefined
  return isRecord(step) && 'use' in step
}

function isRecord(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null
}

/** A key without a value, as in `dependsOn:`, counts as a key that is not there. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item)]])),
  )
}

function tellUnknown({ path, hint }: UnknownKey, findings: FindingList): void {
  const key = JSON.stringify(String(path.at(-1)).slice(0, 100))
  findings.add(path, { severity: 'warning', part: 'key', message: `the key ${key} is not known and is ignored${hint}` })
}

function tellIssue(issue: z.core.$ZodIssue, findings: FindingList): void {
  const path = issue.path.filter((part) => typeof part !== 'symbol')
  const name = path.length === 0 ? 'the file' : String(path.at(-1))
  const shown = typeof path.at(-1) === 'number' ? 'this entry' : name
  findings.add(path, { severity: 'error', message: `${shown}: ${issue.message}` })
}

function checkNames(
  named: readonly { readonly name: string }[],
  { path, what }: { readonly path: DocumentPath; readonly what: string },
  findings: FindingList,
): void {
  const seen = new Set<string>()
  for (const [index, { name }] of named.entries()) {
    const at = [...path, index, 'name']
    if (/\p{Cc}/u.test(name))
      findings.add(at, { severity: 'error', message: `the name ${JSON.stringify(name)} holds control characters` })
    if (seen.has(name)) {
      const message = `two ${what} are named ${JSON.stringify(name)}. Give each its own name`
      findings.add(at, { severity: 'error', message })
    }
    seen.add(name)
  }
}

function checkDependencies({ steps }: FileWorkflow, path: DocumentPath, findings: FindingList): void {
  const names = new Set(steps.map(({ name }) => name))
  for (const [index, step] of steps.entries()) {
    for (const [place, dependency] of step.dependsOn.entries()) {
      if (names.has(dependency)) continue
      findings.add([...path, 'steps', index, 'dependsOn', place], {
        severity: 'error',
        message: `step ${JSON.stringify(step.name)} depends on ${JSON.stringify(dependency)}, which is no step of this workflow${didYouMean(dependency, names)}`,
      })
    }
  }
  const { circle } = orderSteps(steps)
  const first = circle?.[0]
  if (!circle || first === undefined) return
  const index = steps.findIndex(({ name }) => name === first)
  findings.add([...path, 'steps', index, 'dependsOn'], {
    severity: 'error',
    message: `these steps wait for each other in a circle: ${circle.map((name) => JSON.stringify(name)).join(' → ')}`,
  })
}

function checkPreflight({ preflight = [] }: FileWorkflow, path: DocumentPath, findings: FindingList): void {
  for (const [index, check] of preflight.entries()) {
    for (const key of ['failIf', 'successIf'] as const) {
      const pattern = check[key]
      if (pattern === undefined || isPattern(pattern)) continue
      const message = `${key}: ${JSON.stringify(pattern.slice(0, 100))} is no regular expression`
      findings.add([...path, 'preflight', index, key], { severity: 'error', message })
    }
  }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}

function checkStep(
  step: FileStep,
  {
    path,
    places,
    agents,
  }: { readonly path: DocumentPath; readonly places: ReadonlySet<string>; readonly agents: ReadonlySet<string> },
  findings: FindingList,
): void {
  const name = JSON.stringify(step.name)
  for (const key of step.use === undefined ? needs[step.type] : []) {
    const value = step[key]
    const isThere = typeof value === 'string' ? value.trim() !== '' : value !== undefined
    if (isThere) continue
    const untyped = step.type === 'agent' && step.command !== undefined && key === 'agent'
    const hint = untyped ? '. A step with a command is of type: deterministic' : ''
    findings.add(path, {
      severity: 'error',
      message: `step ${name} has no ${key}, which a step of type ${step.type} needs${hint}`,
    })
    if (untyped) break
  }
  if (step.workdir !== undefined && !places.has(step.workdir)) {
    const message = `step ${name} names the workdir ${JSON.stringify(step.workdir)}, which is none of the paths${didYouMean(step.workdir, places)}`
    findings.add([...path, 'workdir'], { severity: 'error', message })
  }
  if (step.agent !== undefined && step.type === 'agent' && !agents.has(step.agent)) {
    const message = `step ${name} names the agent ${JSON.stringify(step.agent)}, which is none of the agents${didYouMean(step.agent, agents)}`
    findings.add([...path, 'agent'], { severity: 'warning', message })
  }
  checkVerification(step, path, findings)
}

const needs: Readonly<Record<FileStep['type'], readonly (keyof FileStep)[]>> = {
  deterministic: ['command'],
  worktree: ['branch'],
  agent: ['agent', 'task'],
  integration: ['integration', 'action'],
  waitFor: ['waitFor'],
}

function checkVerification({ verification }: FileStep, path: DocumentPath, findings: FindingList): void {
  if (!verification) return
  const value = String(verification.value).trim()
  const at = [...path, 'verification', 'value']
  const { type } = verification
  if (value === '' && (type === 'output_contains' || type === 'file_exists' || type === 'custom'))
    findings.add(at, { severity: 'error', message: `the verification ${type} needs a value` })
  if (type === 'exit_code' && value !== '' && value !== '0') {
    const message = `exit_code holds whenever the step succeeds: ${JSON.stringify(value.slice(0, 100))} is not compared`
    findings.add(at, { severity: 'warning', message })
  }
  if (type === 'pr_url' && value !== '' && !/^[\w.-]+\/[\w.-]+$/.test(value) && !value.includes('{{')) {
    const message = `pr_url takes nothing or OWNER/REPO, not ${JSON.stringify(value.slice(0, 100))}`
    findings.add(at, { severity: 'error', message })
  }
}
