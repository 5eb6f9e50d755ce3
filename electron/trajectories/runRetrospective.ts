import { compactDuration } from './compactDuration'
import type { JsonObject } from './fieldReader'
import { approach, countOf, type RunChapter, type RunStory } from './runStory'

/** What there is to say of a run that ended. Its chapters' decisions stand in it again. */
export function toRetrospective(run: RunStory, chapters: readonly RunChapter[], durationMs: number): JsonObject {
  const failed = run.steps.filter(({ status }) => status === 'failed')
  const decisions = chapters.flatMap(({ events }) => events.flatMap(({ raw }) => (raw ? [raw] : [])))
  const [first] = failed
  return {
    summary: summaryOf(run),
    approach,
    confidence: confidenceOf(run),
    ...(decisions.length > 0 ? { decisions } : {}),
    challenges: failed.map(
      ({ name, error }) => `Step "${name}" failed: ${(error ?? 'no reason was recorded').slice(0, 500)}`,
    ),
    learnings: [],
    ...(first ? { suggestions: [`Mend step "${first.name}", then go on with: rundesk resume ${run.id}`] } : {}),
    timeSpent: compactDuration(durationMs),
  }
}

/** How the run ended, in one or two sentences. */
export function summaryOf(run: RunStory): string {
  const count = (status: string): number => run.steps.filter((step) => step.status === status).length
  const rest = [
    [count('failed'), 'failed'],
    [count('skipped'), 'skipped'],
  ].flatMap(([number, word]) => (number ? [`${number} ${word}`] : []))
  const steps = [`${count('completed')} of ${countOf(run.steps.length)} completed`, ...rest].join(', ')
  const error = run.error && run.status !== 'completed' ? ` ${run.error.slice(0, 500)}` : ''
  return `Workflow "${run.workflowName}" ended as ${run.status}: ${steps}.${error}`
}

/** The share of completed steps; a step that needed several attempts counts less. */
function confidenceOf(run: RunStory): number {
  if (run.steps.length === 0) return run.status === 'completed' ? 1 : 0
  const sum = run.steps.reduce(
    (total, { status, attempts }) => total + (status === 'completed' ? 1 / Math.max(1, attempts.length) ** 0.5 : 0),
    0,
  )
  return Math.round((sum / run.steps.length) * 100) / 100
}
