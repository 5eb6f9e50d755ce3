import type { z } from 'zod'
import { issueWords } from '../../shared/issueWords'
import { type FileWorkflow, type WorkflowFile, workflowFileSchema } from '../../shared/workflowFile'
import { checkStep } from './checkStep'
import type { FindingList } from './findings'
import { fittingPart } from './fittingPart'
import { didYouMean } from './nearestName'
import { orderSteps } from './stepOrder'
import { type UnknownKey, unknownKeys } from './unknownKeys'
import type { DocumentPath } from './yamlSource'

/**
 * Checks a configuration whose custom steps are expanded: types, names, dependencies, what each kind of step needs. All
 * that is found goes to `findings`. With errors the configuration lacks what does not fit; null when nothing is left.
 */
export function checkWorkflow(value: unknown, findings: FindingList): WorkflowFile | null {
  const present = withoutNulls(value)
  for (const unknown of unknownKeys(workflowFileSchema, present))
    if (!isParameter(present, unknown.path)) tellUnknown(unknown, findings)
  const parsed = workflowFileSchema.safeParse(present)
  const issues = parsed.success ? [] : parsed.error.issues
  for (const issue of issues) tellIssue(issue, findings)
  const config = parsed.success ? parsed.data : fittingPart(present, issues)
  if (!config) return null
  const broken = new Set(issues.map(({ path }) => path.slice(0, 4).join('/')))
  const unnamed = issues.some(({ path }) => path.length === 5 && path[2] === 'steps' && path.at(-1) === 'name')
  checkNames(config.workflows, { path: ['workflows'], what: 'workflows' }, findings)
  checkNames(config.paths ?? [], { path: ['paths'], what: 'paths' }, findings)
  const places = new Set((config.paths ?? []).map(({ name }) => name))
  const agents = new Set((config.agents ?? []).map(({ name }) => name))
  for (const [index, workflow] of config.workflows.entries()) {
    const path: DocumentPath = ['workflows', index]
    checkNames(workflow.steps, { path: [...path, 'steps'], what: 'steps' }, findings)
    checkDependencies(workflow, { path, unnamed }, findings)
    checkPreflight(workflow, path, findings)
    for (const [number, step] of workflow.steps.entries()) {
      const at = [...path, 'steps', number]
      if (!broken.has(at.join('/'))) checkStep(step, { path: at, places, agents }, findings)
    }
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
  findings.add(path, {
    severity: 'warning',
    part: 'key',
    message: () => `the key ${key} is not known and is ignored${hint()}`,
  })
}

function tellIssue(issue: z.core.$ZodIssue, findings: FindingList): void {
  const path = issue.path.filter((part) => typeof part !== 'symbol')
  const last = path.at(-1)
  const name = last === undefined ? 'the file' : typeof last === 'number' ? 'this entry' : last
  findings.add(path, { severity: 'error', message: `${name}${issueText(issue)}` })
}

function issueText(issue: z.core.$ZodIssue): string {
  if (/expected string, received (?:number|boolean)$/.test(issue.message))
    return ': this is no text. Put it into quotes'
  return ` ${issueWords(issue)}`
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

function checkDependencies(
  { steps }: FileWorkflow,
  { path, unnamed }: { readonly path: DocumentPath; readonly unnamed: boolean },
  findings: FindingList,
): void {
  const names = new Set(steps.map(({ name }) => name))
  for (const [index, step] of steps.entries()) {
    for (const [place, dependency] of step.dependsOn.entries()) {
      if (names.has(dependency) || unnamed) continue
      findings.add([...path, 'steps', index, 'dependsOn', place], {
        severity: 'error',
        message: () =>
          `step ${JSON.stringify(step.name)} depends on ${JSON.stringify(dependency)}, which is no step of this workflow${didYouMean(dependency, names)}`,
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
