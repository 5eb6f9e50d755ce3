import { createBreath } from '../files/breath'
import { toMs } from './isoTime'
import type { RunNode } from './runIndex'
import type { StepNode, Steps } from './runSteps'

/** The steps of a run with their times in ms, in the order in which they were written. NaN stands for no such time. */
export interface TimelineModel {
  readonly steps: readonly StepNode[]
  /** When nothing was left to wait for. */
  readonly ready: Float64Array
  /** Of the first attempt. */
  readonly start: Float64Array
  /** Of the last attempt; infinite while it runs. */
  readonly end: Float64Array
  /** 1 for a step with an error. */
  readonly failed: Uint8Array
  readonly errors: number
  /** Every attempt's start and end, one behind the other; an end is infinite while the attempt runs. */
  readonly attempts: Float64Array
  /** 1 for an attempt that failed. */
  readonly attemptFailed: Uint8Array
}

const ended: readonly string[] = ['completed', 'failed', 'skipped', 'cancelled']

/** Is a step still to come, or at work? */
export function isUnfinished(status: string): boolean {
  return !ended.includes(status)
}

/** Takes the times off the steps of a run, giving up the thread now and then. */
export async function toTimelineModel(run: RunNode, byId: Steps): Promise<TimelineModel> {
  const breath = createBreath()
  const steps = [...byId.values()]
  const count = steps.length
  const ready = new Float64Array(count).fill(Number.NaN)
  const start = new Float64Array(count).fill(Number.NaN)
  const end = new Float64Array(count).fill(Number.NaN)
  const failed = new Uint8Array(count)
  const attempts: number[] = []
  const attemptFailed: number[] = []
  const placeOf = new Map<string, number>()
  let errors = 0
  for (const [index, { view }] of steps.entries()) {
    const pause = breath()
    if (pause) await pause
    if (!placeOf.has(view.name)) placeOf.set(view.name, index)
    let hasError = view.status === 'failed'
    for (const attempt of view.attempts) {
      const from = timeOf(attempt.startedAt)
      if (attempt.status === 'failed') hasError = true
      if (Number.isNaN(from)) continue
      const told = attempt.status === 'running' ? Number.POSITIVE_INFINITY : timeOf(attempt.completedAt)
      const to = Number.isNaN(told) ? from : Math.max(from, told)
      if (Number.isNaN(start[index] ?? Number.NaN)) start[index] = from
      end[index] = to
      attempts.push(from, to)
      attemptFailed.push(attempt.status === 'failed' ? 1 : 0)
    }
    if (hasError) {
      failed[index] = 1
      errors++
    }
  }
  const runStart = timeOf(run.view.startedAt)
  for (const [index, { view }] of steps.entries()) {
    const pause = breath()
    if (pause) await pause
    let latest = runStart
    for (const name of view.dependsOn) {
      const place = placeOf.get(name)
      if (place === undefined || place === index) continue
      const done = isUnfinished(steps[place]?.view.status ?? '') ? Number.NaN : (end[place] ?? Number.NaN)
      if (Number.isNaN(done) && steps[place]?.view.status === 'skipped') continue
      latest = Math.max(latest, done)
    }
    const began = start[index] ?? Number.NaN
    // One that began before its turn did not wait.
    ready[index] = Number.isNaN(began) ? latest : Math.min(latest, began)
  }
  return {
    steps,
    ready,
    start,
    end,
    failed,
    errors,
    attempts: Float64Array.from(attempts),
    attemptFailed: Uint8Array.from(attemptFailed),
  }
}

function timeOf(at: string | null): number {
  return at === null ? Number.NaN : toMs(at)
}
