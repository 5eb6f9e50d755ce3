import type { HistoryEntry } from '../../shared/runs'
import { decision, note, type RunEvent, stepEvents } from './runEvents'
import { summaryOf } from './runRetrospective'
import { countOf, msOf, type RunChapter, type RunStory, toChapter, toUtc } from './runStory'

/** Runs of more steps get one chapter per wave instead of one per step. */
const mostStepChapters = 100

/** How the run began, and what people made of it since. */
export function planningChapter(run: RunStory, startedAt: string): RunChapter {
  const ms = Date.parse(startedAt)
  const dependent = run.steps.filter(({ dependsOn }) => dependsOn.length > 0).length
  const events = [
    note(
      ms,
      `Workflow "${run.workflowName}" started with ${countOf(run.steps.length)}, ${dependent} of them dependent.`,
    ),
    ...run.history.slice(1).map((entry) => actEvent(entry, ms)),
  ]
  return toChapter(run, { key: 'planning', title: 'Planning', startedAt, events })
}

function actEvent({ at, act, by, reason, previousError, from, workflow }: HistoryEntry, startMs: number): RunEvent {
  const because = [reason, previousError && `It had ended with: ${previousError}`].filter(Boolean).join(' ')
  const chosen = {
    start: 'Start it',
    resume: 'Resume it',
    cancel: 'Cancel it',
    'mark-failed': 'Mark it as failed',
    rollback: 'Roll its completed steps back',
  }[act]
  const again = from === undefined ? '' : ` from step "${from}" on`
  const file = workflow === 'file' ? ', with the workflow as its file says now' : ''
  return decision(msOf(at) ?? startMs, {
    question: 'What should become of the run?',
    chosen: `${chosen}${again}${file}`,
    alternatives: [{ option: 'Leave it as it is', reason: 'Nothing would go on by itself.' }],
    reasoning: because || `${by} asked for it.`,
  })
}

/** One chapter per step that began or was skipped, or per wave of steps, in the order of their beginnings. */
export function stepChapters(run: RunStory, startedAt: string): readonly RunChapter[] {
  const startMs = Date.parse(startedAt)
  const endMs = Math.max(startMs, msOf(run.completedAt) ?? msOf(run.updatedAt) ?? startMs)
  const failed = new Set(run.steps.filter(({ status }) => status === 'failed').map(({ name }) => name))
  const resumedMs = run.history.flatMap(({ act, at }) => (act === 'resume' ? [msOf(at) ?? startMs] : []))
  const told = run.steps
    .filter(({ status }) => status !== 'pending')
    .map((step) => {
      const fallbackMs = step.status === 'skipped' ? endMs : startMs
      const events = stepEvents(step, { failed, fallbackMs, resumedMs })
      return { step, beganMs: msOf(step.startedAt) ?? fallbackMs, events }
    })
  const chapters =
    run.steps.length <= mostStepChapters
      ? told.map(({ step, beganMs, events }) =>
          toChapter(run, {
            key: step.id,
            title: step.name || step.id,
            startedAt: toUtc(beganMs),
            endMs: msOf(step.completedAt),
            events,
          }),
        )
      : waveChapters(run, told)
  return [...chapters].sort((left, right) => Date.parse(left.startedAt) - Date.parse(right.startedAt))
}

interface ToldStep {
  readonly step: RunStory['steps'][number]
  readonly beganMs: number
  readonly events: readonly RunEvent[]
}

function waveChapters(run: RunStory, told: readonly ToldStep[]): readonly RunChapter[] {
  const depths = depthsOf(run)
  const waves = new Map<number, ToldStep[]>()
  for (const one of told) {
    const depth = depths.get(one.step.name) ?? 0
    const wave = waves.get(depth)
    if (wave) wave.push(one)
    else waves.set(depth, [one])
  }
  return [...waves].map(([depth, steps]) => {
    const beganMs = steps.reduce((first, one) => Math.min(first, one.beganMs), Number.POSITIVE_INFINITY)
    const events = steps.flatMap((one) => one.events)
    return toChapter(run, { key: `wave ${depth}`, title: `Wave ${depth + 1}`, startedAt: toUtc(beganMs), events })
  })
}

/** How many steps come before each, at the longest. A circle counts once. */
function depthsOf(run: RunStory): ReadonlyMap<string, number> {
  const byName = new Map(run.steps.map((step) => [step.name, step]))
  const depths = new Map<string, number>()
  for (const { name } of run.steps) {
    const stack = [name]
    while (stack.length > 0) {
      const current = stack.at(-1) ?? ''
      const waiting = (byName.get(current)?.dependsOn ?? []).filter((one) => byName.has(one) && !depths.has(one))
      const next = waiting.find((one) => !stack.includes(one))
      if (next !== undefined) {
        stack.push(next)
        continue
      }
      stack.pop()
      const before = (byName.get(current)?.dependsOn ?? []).map((one) => (depths.get(one) ?? -1) + 1)
      depths.set(current, Math.max(0, ...before))
    }
  }
  return depths
}

/** The last chapter of a run that ended. */
export function endingChapter(run: RunStory, completedAt: string): RunChapter {
  const event: RunEvent = {
    ...note(Date.parse(completedAt), summaryOf(run)),
    type: 'reflection',
    significance: 'high',
  }
  return toChapter(run, {
    key: 'ending',
    title: 'Retrospective',
    startedAt: completedAt,
    endMs: Date.parse(completedAt),
    events: [event],
  })
}
