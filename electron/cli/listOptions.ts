import { InvalidArgumentError } from 'commander'
import { dayEdge } from '../../shared/rules/dayEdge'
import { parseDurationMs } from '../../shared/rules/durationText'
import type { RunWhere } from '../../shared/rules/runWhere'
import { type RunSort, runSorts } from '../../shared/runList'
import { type Liveness, livenesses } from '../../shared/runs'

/** How a list of runs is narrowed and ordered on the command line. */
export interface ListOptions {
  readonly workflow: readonly string[]
  readonly liveness?: Liveness
  readonly since?: string
  readonly until?: string
  readonly longerThan?: number
  readonly shorterThan?: number
  readonly hasError?: boolean
  readonly unsaved?: boolean
  readonly cause?: string
  readonly sort?: RunSort['by']
  readonly reverse: boolean
}

/** What the options narrow by. */
export function whereOf(options: ListOptions): RunWhere {
  const { workflow, liveness, since, until, longerThan, shorterThan, hasError, unsaved, cause } = options
  return {
    ...(workflow.length === 0 ? {} : { workflows: [...workflow] }),
    ...(liveness === undefined ? {} : { liveness: [liveness] }),
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
    ...(longerThan === undefined ? {} : { longerMs: longerThan }),
    ...(shorterThan === undefined ? {} : { shorterMs: shorterThan }),
    ...(hasError === undefined ? {} : { hasError }),
    ...(unsaved === undefined ? {} : { saved: !unsaved }),
    ...(cause === undefined ? {} : { cause }),
  }
}

/** The order: the most telling end first (newest, longest, most steps; names from A on), or with `reverse` the other. */
export function sortOf({ sort = 'started', reverse }: ListOptions): RunSort {
  const first = sort === 'workflow' || sort === 'status'
  return { by: sort, ascending: reverse ? !first : first }
}

/** An age (`90m`, `12h`, `7d`), `today`, a day or a time, as an ISO time. Refuses anything else. */
export function toMoment(text: string): string {
  const age = /^\d+(\.\d+)?$/.test(text.trim()) ? null : parseDurationMs(text)
  if (age !== null) return new Date(Date.now() - age).toISOString()
  if (text === 'today') return new Date(new Date().setHours(0, 0, 0, 0)).toISOString()
  const day = dayEdge(text, 'first')
  const ms = day === null && /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN
  if (day !== null) return day
  if (!Number.isNaN(ms)) return new Date(ms).toISOString()
  throw new InvalidArgumentError('Give an age (90m, 12h, 7d), today, a day (2026-11-01) or a time (2026-11-01T10:00).')
}

/** `90s`, `5m`, `1h30m` in ms; a bare number is seconds. Refuses anything else. */
export function toDurationMs(text: string): number {
  const ms = parseDurationMs(text)
  if (ms === null) throw new InvalidArgumentError('Give a duration: 90s, 5m, 1h30m.')
  return ms
}

/** The names that `--sort` and `--liveness` know. */
export const listChoices = { sort: [...runSorts], liveness: [...livenesses] }
