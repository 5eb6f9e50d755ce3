import { createHash } from 'node:crypto'
import type { RunDetail, Step } from '../../shared/runs'
import type { JsonObject } from './fieldReader'
import type { RunEvent } from './runEvents'

/** What the trajectory of a run is made of. */
export type RunStory = Pick<
  RunDetail,
  'id' | 'workflowName' | 'status' | 'startedAt' | 'completedAt' | 'updatedAt' | 'error' | 'history'
> & {
  readonly steps: readonly Pick<
    Step,
    'id' | 'name' | 'status' | 'attempts' | 'dependsOn' | 'error' | 'startedAt' | 'completedAt'
  >[]
}

/** A chapter as it is written. */
export interface RunChapter extends JsonObject {
  readonly id: string
  readonly title: string
  readonly agentName: string
  readonly startedAt: string
  readonly endedAt?: string
  readonly events: readonly RunEvent[]
}

/** Who tells the story: the name under which Rundesk stands in its trajectories. */
export const narrator = 'rundesk'

/** How a run goes about it. It is also how Rundesk knows its own retrospectives. */
export const approach = 'Each step starts as soon as all it depends on are completed; steps are shell commands.'

/** A chapter of the run. Its id is the same whenever `key` is. */
export function toChapter(
  run: RunStory,
  {
    key,
    title,
    startedAt,
    endMs,
    events,
  }: {
    readonly key: string
    readonly title: string
    readonly startedAt: string
    readonly endMs?: number | undefined
    readonly events: readonly RunEvent[]
  },
): RunChapter {
  const ended = endMs === undefined ? {} : { endedAt: toUtc(Math.max(endMs, Date.parse(startedAt))) }
  return { id: `ch_${shortHash(`${run.id} ${key}`)}`, title, agentName: narrator, startedAt, ...ended, events }
}

/** Eight hex digits that stand for a text. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

/** The time in ms; undefined for none, or one that no file may hold. */
export function msOf(at: string | null): number | undefined {
  const ms = at === null ? Number.NaN : Date.parse(at)
  return Number.isNaN(ms) || ms <= 0 ? undefined : ms
}

export function toUtc(ms: number): string {
  return new Date(ms).toISOString()
}

export function countOf(steps: number): string {
  return `${steps} ${steps === 1 ? 'step' : 'steps'}`
}
