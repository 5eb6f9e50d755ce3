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

function actEvent({ at, act, by, reason, previousError }: HistoryEntry, startMs: number): RunEvent {
  const because = [reason, previousError && `It had ended with: ${previousError}`].filter(Boolean).join(' ')
  const chosen = { start: 'Start it', resume: 'Resume it', cancel: 'Cancel it', 'mark-failed': 'Mark it as failed' }[
    act
  ]
  return decision(msOf(at) ?? startMs, {
    question: 'What should become of the run?',
    chosen,
    alternatives: [{ option: 'Leave it as it is', reason: 'Nothing would go on by itself.' }],
    reasoning: because || `${by} asked for it.`,
  })
}

/** One chapter per step that began, or per wave of steps. */
export function stepChapters(run: RunStory, startedAt: string): readonly RunChapter[] {
  const begun = run.steps.filter(({ status }) => status !== 'pending')
  const failed = new Set(run.steps.filter(({ status }) => status === 'failed').map(({ name }) => name))
  if (run.steps.length <= mostStepChapters)
    return begun.map((step) =>
      toChapter(run, {
        key: step.id,
        title: step.name || step.id,
        startedAt: toUtc(msOf(step.startedAt) ?? Date.parse(startedAt)),
        endMs: msOf(step.completedAt),
        events: stepEvents(step, { failed, startMs: Date.parse(startedAt) }),
      }),
    )
  const waves = new Map<number, (typeof begun)[number][]>()
  const depths = depthsOf(run)
  for (const step of begun) {
    const depth = depths.get(step.name) ?? 0
    waves.set(depth, [...(waves.get(depth) ?? []), step])
  }
  return [...waves].map(([depth, steps]) => {
    const events = steps.flatMap((step) => stepEvents(step, { failed, startMs: Date.parse(startedAt) }))
    const first = Math.min(...steps.map((step) => msOf(step.startedAt) ?? Date.parse(startedAt)))
    return toChapter(run, { key: `wave ${depth}`, title: `Wave ${depth + 1}`, startedAt: toUtc(first), events })
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
