import { RundeskError } from '../../shared/outcome'
import type { ResumePlan } from '../../shared/runs'
import type { RunRecord } from '../runs/runJournal'
import type { ShellStep, Workflow } from './parseWorkflow'
import { hasBegun } from './stepFacts'

/** What a person may choose about a resume. */
export interface ResumeChoice {
  /** The step to run again with all that depend on it. */
  readonly from?: string | undefined
  /** The workflow as the run stored it, or as its file says now. */
  readonly workflow: 'stored' | 'file'
  /** Makes a new run that takes over what is completed, instead of going on with this one. */
  readonly asNewRun: boolean
}

type PlannedStep = ResumePlan['steps'][number]

/**
 * Which steps a resume runs and which it keeps, with the reason in words, in the order of the workflow. A completed step
 * is kept unless it was chosen, its definition changed, its rollback was begun, or it depends on one of those. Throws `not_found` for an unknown
 * step.
 */
export function planSteps(
  record: Pick<RunRecord, 'steps'>,
  workflow: Pick<Workflow, 'steps'>,
  { from, changed }: { readonly from: string | undefined; readonly changed: ReadonlySet<string> },
): PlannedStep[] {
  const { steps } = workflow
  if (from !== undefined && !steps.some(({ name }) => name === from)) {
    const names = steps.map(({ name }) => name).join(', ')
    throw new RundeskError('not_found', `There is no step ${JSON.stringify(from)}. The workflow has: ${names}`)
  }
  const rows = new Map(record.steps.map((row) => [row.stepName ?? '', row]))
  const begun = hasBegun(record.steps)
  const chosen = from === undefined ? new Set<string>() : dependents(steps, [from])
  const renewed = dependents(
    steps,
    steps.flatMap(({ name }) => (changed.has(name) ? [name] : [])),
  )
  const undone = steps.filter(({ name }) => rows.get(name)?.rundesk?.rollback !== undefined).map(({ name }) => name)
  const belowUndone = dependents(steps, undone)
  return steps.map(({ name }): PlannedStep => {
    const row = rows.get(name)
    if (!row) return { name, will: 'run', reason: begun ? 'it is new' : notCompleted('pending') }
    if (name === from) return { name, will: 'run', reason: 'it was chosen' }
    if (changed.has(name)) return { name, will: 'run', reason: 'its definition changed' }
    if (row.status !== 'completed') return { name, will: 'run', reason: notCompleted(row.status) }
    if (undone.includes(name)) return { name, will: 'run', reason: 'it was rolled back' }
    if (chosen.has(name)) return { name, will: 'run', reason: `it depends on ${from}` }
    if (renewed.has(name)) return { name, will: 'run', reason: 'it depends on a changed step' }
    if (belowUndone.has(name)) return { name, will: 'run', reason: 'it depends on a step that was rolled back' }
    return { name, will: 'keep', reason: 'it is completed' }
  })
}

/** The steps of the new workflow that would do something else than their namesakes in the old one. */
export function changedSteps(before: Pick<Workflow, 'steps'>, after: Pick<Workflow, 'steps'>): ReadonlySet<string> {
  const old = new Map(before.steps.map((step) => [step.name, definitionOf(step)]))
  return new Set(
    after.steps.flatMap((step) => {
      const was = old.get(step.name)
      return was === undefined || was === definitionOf(step) ? [] : [step.name]
    }),
  )
}

/** What makes a step's result: not its name, its place in the order, nor how often and how long it is tried. */
function definitionOf(step: ShellStep): string {
  const {
    name: _name,
    dependsOn: _dependsOn,
    retries: _retries,
    timeoutMs: _timeoutMs,
    backoff: _backoff,
    rollback: _rollback,
    retryOn: _retryOn,
    criticalExitCodes: _criticalExitCodes,
    ...rest
  } = step
  return JSON.stringify(rest, Object.keys(flatten(rest)).sort())
}

/** Every key that occurs anywhere in the value, so that the order of keys tells no difference. */
function flatten(value: unknown, keys: Record<string, true> = {}): Record<string, true> {
  if (typeof value !== 'object' || value === null) return keys
  for (const [key, inner] of Object.entries(value)) {
    keys[key] = true
    flatten(inner, keys)
  }
  return keys
}

/** The named steps and all that depend on them, directly or through others. */
function dependents(steps: Workflow['steps'], names: readonly string[]): ReadonlySet<string> {
  const found = new Set(names)
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const step of steps) if (step.dependsOn.some((name) => found.has(name))) found.add(step.name)
  }
  return found
}

function notCompleted(status: string | undefined): string {
  switch (status) {
    case 'failed':
      return 'it failed'
    case 'skipped':
      return 'it was skipped'
    case 'running':
      return 'it was left running'
    default:
      return 'it did not run yet'
  }
}
