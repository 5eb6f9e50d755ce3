import { z } from 'zod'
import { type Liveness, livenesses } from '../runs'

/** Times by which a list is narrowed: started within the last hour, day, week, 30 days, or since midnight. */
export const startedWithin = ['1h', '24h', '7d', '30d', 'today'] as const
export type StartedWithin = (typeof startedWithin)[number]

const longestMs = 366 * 24 * 3_600_000
const durationMs = z.number().int().min(0).max(longestMs)
const time = z.iso.datetime({ offset: true })

/** What a list of runs is narrowed by, besides its filter and its search: all of it must hold. */
export const runWhereSchema = z.object({
  /** One of these. */
  statuses: z.array(z.string().max(64)).max(50).optional(),
  liveness: z.array(z.enum(livenesses)).max(3).optional(),
  workflows: z.array(z.string().max(1000)).max(50).optional(),
  within: z.enum(startedWithin).optional(),
  /** Started at this time or later, before that time. */
  from: time.optional(),
  to: time.optional(),
  /** Took, or has taken, longer, or shorter, than so many ms. */
  longerMs: durationMs.optional(),
  shorterMs: durationMs.optional(),
  hasError: z.boolean().optional(),
  /** False: the disk refuses rows of it, its own or of its steps. */
  saved: z.boolean().optional(),
  /** The key of a group of equal failures. */
  cause: z.string().max(64).optional(),
})
export type RunWhere = z.infer<typeof runWhereSchema>

/** What `createRunMatcher` looks at. What is costly to tell is asked for only when it matters. */
export interface RunWhereFacts {
  readonly status: string
  readonly liveness: Liveness | null
  readonly workflowName: string
  /** 0 when unknown. */
  readonly startedMs: number
  readonly durationMs: () => number | null
  readonly error: string | null
  readonly saved: boolean
  readonly cause: () => string | null
}

/** The parts of a `RunWhere` that a run can miss. The last stands for all that has no counts of its own. */
export const misses = { status: 1, liveness: 2, workflow: 4, other: 8 } as const

/**
 * Gives the function that tells which parts of `where` a run misses: a sum of `misses`, 0 for none. `todayMs` is the last
 * midnight of the person who asks.
 */
export function createRunMatcher(
  where: RunWhere,
  { nowMs, todayMs }: { readonly nowMs: number; readonly todayMs: number },
): (run: RunWhereFacts) => number {
  const statuses = setOf(where.statuses)
  const liveness = setOf<string>(where.liveness)
  const workflows = setOf(where.workflows)
  const fromMs = Math.max(
    where.within ? startOf(where.within, { nowMs, todayMs }) : Number.NEGATIVE_INFINITY,
    where.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(where.from),
  )
  const toMs = where.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(where.to)
  const isTimed = fromMs !== Number.NEGATIVE_INFINITY || toMs !== Number.POSITIVE_INFINITY
  const { longerMs, shorterMs, hasError, saved, cause } = where
  const missesOther = (run: RunWhereFacts): boolean => {
    if (isTimed && !(run.startedMs > 0 && run.startedMs >= fromMs && run.startedMs < toMs)) return true
    if (hasError !== undefined && (run.error !== null && run.error !== '') !== hasError) return true
    if (saved !== undefined && run.saved !== saved) return true
    if (longerMs !== undefined || shorterMs !== undefined) {
      const took = run.durationMs()
      if (took === null || took <= (longerMs ?? -1) || took >= (shorterMs ?? Number.POSITIVE_INFINITY)) return true
    }
    return cause !== undefined && run.cause() !== cause
  }
  return (run) => {
    let missed = 0
    if (statuses && !statuses.has(run.status)) missed += misses.status
    if (liveness && (run.liveness === null || !liveness.has(run.liveness))) missed += misses.liveness
    if (workflows && !workflows.has(run.workflowName)) missed += misses.workflow
    return missesOther(run) ? missed + misses.other : missed
  }
}

/** When the span began, in ms. */
export function startOf(
  within: StartedWithin,
  { nowMs, todayMs }: { readonly nowMs: number; readonly todayMs: number },
): number {
  const hour = 3_600_000
  const back: Readonly<Record<Exclude<StartedWithin, 'today'>, number>> = {
    '1h': hour,
    '24h': 24 * hour,
    '7d': 7 * 24 * hour,
    '30d': 30 * 24 * hour,
  }
  return within === 'today' ? todayMs : nowMs - back[within]
}

/**
 * How long a run took, or has taken; null where that says nothing: it never began or still waits to begin, is
 * orphaned, or ended at no known time.
 * `completedMs` is null while it has not ended. One rule for the list, its order and its filter.
 */
export function tellingDurationMs(
  run: {
    readonly status: string
    readonly liveness: Liveness | null
    readonly startedMs: number
    readonly completedMs: number | null
  },
  nowMs: number,
): number | null {
  if (run.startedMs <= 0 || run.liveness === 'orphaned' || run.status === 'pending') return null
  if (run.completedMs === null && run.liveness === null) return null
  const ms = (run.completedMs ?? nowMs) - run.startedMs
  return Number.isNaN(ms) ? null : Math.max(0, ms)
}

function setOf<T>(values: readonly T[] | undefined): ReadonlySet<T> | null {
  return values === undefined || values.length === 0 ? null : new Set(values)
}
