import type { Step } from '../../shared/runs'
import { compactDuration } from './compactDuration'
import type { JsonObject } from './fieldReader'

/** An event of a run, as it is written. */
export interface RunEvent extends JsonObject {
  readonly ts: number
  readonly type: string
  readonly content: string
  readonly raw?: DecisionRecord
  readonly significance?: string
  readonly tags: readonly string[]
}

/** A decision with all that other tools read of it. */
export interface DecisionRecord {
  readonly question: string
  readonly chosen: string
  readonly alternatives: readonly { readonly option: string; readonly reason: string }[]
  readonly reasoning: string
}

type StoryStep = Pick<Step, 'id' | 'name' | 'status' | 'attempts' | 'dependsOn' | 'error' | 'startedAt' | 'completedAt'>

/** By this tag Rundesk knows the events that it wrote. */
const ownTag = 'rundesk'
const maxContent = 2_000

export function note(ms: number, content: string): RunEvent {
  return { ts: Math.max(1, Math.round(ms)), type: 'note', content: content.slice(0, maxContent), tags: [ownTag] }
}

export function decision(ms: number, raw: DecisionRecord): RunEvent {
  return {
    ...note(ms, `${raw.question.replace(/\?$/, '')}: ${raw.chosen}`),
    type: 'decision',
    raw,
    significance: 'high',
  }
}

/** What a step's story needs to know of its run. */
interface StepPlace {
  /** The names of the steps that failed. */
  readonly failed: ReadonlySet<string>
  readonly fallbackMs: number
  /** When people resumed the run. */
  readonly resumedMs?: readonly number[]
}

/**
 * What became of one step, in order: its attempts, the decisions to try again or to skip it, its end. `fallbackMs` is the
 * time of what has none.
 */
export function stepEvents(step: StoryStep, { failed, fallbackMs, resumedMs = [] }: StepPlace): readonly RunEvent[] {
  const name = `Step "${step.name || step.id}"`
  if (step.status === 'skipped') return [skipped(step, name, { failed, fallbackMs })]
  const events = step.attempts.flatMap((_, index) => attemptEvents(step, index, { name, resumedMs, fallbackMs }))
  if (step.attempts.length === 0) events.push(note(toMs(step.startedAt) ?? fallbackMs, `${name} started.`))
  if (step.status === 'completed') events.push(completed(step, name, fallbackMs))
  if (step.status === 'failed' && step.attempts.length === 0)
    events.push(failure(toMs(step.completedAt) ?? fallbackMs, `${name} failed: ${reasonOf(step.error)}`))
  return events
}

/** How one attempt began and ended, and why there was another one: by the workflow, or because a person resumed the run. */
function attemptEvents(
  step: StoryStep,
  index: number,
  { name, resumedMs, fallbackMs }: { readonly name: string } & Required<Pick<StepPlace, 'resumedMs' | 'fallbackMs'>>,
): readonly RunEvent[] {
  const attempt = step.attempts[index]
  if (!attempt) return []
  const next = step.attempts[index + 1]
  const of = next ? ` on attempt ${attempt.number}` : ''
  const began = toMs(attempt.startedAt) ?? toMs(step.startedAt) ?? fallbackMs
  const ended = toMs(attempt.completedAt) ?? began
  const started = note(began, `${name} started${step.attempts.length > 1 ? `, attempt ${attempt.number}` : ''}.`)
  if (attempt.status === 'completed' && next)
    return [started, note(ended, `${name} completed${of}. It was run again later.`)]
  if (attempt.status === 'completed' || (attempt.status === 'running' && !next)) return [started]
  if (attempt.status === 'running' || attempt.status === 'interrupted')
    return [started, failure(ended, `${name} was interrupted${of}: its runner ended.`)]
  if (!next && step.status === 'completed') return [started]
  const failedNow = failure(ended, `${name} failed${of}: ${reasonOf(attempt.error ?? (next ? null : step.error))}`)
  const nextMs = toMs(next?.startedAt ?? null)
  const byPerson = resumedMs.some((ms) => ms >= ended && nextMs !== undefined && ms <= nextMs)
  return next && !byPerson ? [started, failedNow, tryAgain(ended, name, attempt.number)] : [started, failedNow]
}

function completed(step: StoryStep, name: string, fallbackMs: number): RunEvent {
  const began = toMs(step.startedAt)
  const ended = toMs(step.completedAt) ?? began ?? fallbackMs
  const took = began === undefined ? '' : ` in ${compactDuration(ended - began)}`
  return { ...note(ended, `${name} completed${took}.`), type: 'finding', significance: 'medium' }
}

function failure(ms: number, content: string): RunEvent {
  return { ...note(ms, content), type: 'error', significance: 'high' }
}

function tryAgain(ms: number, name: string, attempt: number): RunEvent {
  return decision(ms, {
    question: `${name} failed on attempt ${attempt}. What now?`,
    chosen: 'Try again',
    alternatives: [{ option: 'Fail the step', reason: 'Its retries were not used up.' }],
    reasoning: 'The workflow allows another attempt.',
  })
}

function skipped(
  step: StoryStep,
  name: string,
  { failed, fallbackMs }: { readonly failed: ReadonlySet<string>; readonly fallbackMs: number },
): RunEvent {
  const cause = step.dependsOn.find((one) => failed.has(one))
  const reasoning = cause
    ? `Step "${cause}", which it depends on, failed.`
    : 'The run ended before everything it depends on was completed.'
  return decision(toMs(step.completedAt) ?? fallbackMs, {
    question: `Should ${name} run?`,
    chosen: 'Skip it',
    alternatives: [{ option: 'Run it anyway', reason: 'What it works on was never made.' }],
    reasoning,
  })
}

function reasonOf(error: string | null): string {
  return error?.trim() || 'no reason was recorded'
}

function toMs(at: string | null): number | undefined {
  const ms = at === null ? Number.NaN : Date.parse(at)
  return Number.isNaN(ms) || ms <= 0 ? undefined : ms
}
