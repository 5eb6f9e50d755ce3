import type { RunOutcome } from '../../shared/rules/runOutcome'
import type { Run } from '../../shared/runs'
import { type Route, toHash } from './route'

/** What a number of the overview counts. */
export type OverviewSubject =
  | { readonly kind: 'needsYou' | 'running' | 'failedLastDay' | 'orphaned' | 'waiting' | 'unsavedRows' | 'all' }
  | { readonly kind: 'undelivered' | 'stuck' | 'problems' }
  | { readonly kind: 'cause'; readonly groupKey: string }
  /** Runs that began in a stretch of time, all or those that came to one outcome. Times are ISO. */
  | { readonly kind: 'stretch'; readonly from: string; readonly to: string; readonly outcome: RunOutcome | null }

/** The address of the list that a number of the overview counts. */
export function linkTo(subject: OverviewSubject, workspaceId: string | null): string {
  switch (subject.kind) {
    case 'undelivered':
      return toHash({ screen: 'writebacks', workspaceId })
    case 'stuck':
      return toHash({ screen: 'writebacks', workspaceId, ask: { state: 'stuck' } })
    case 'cause':
      return toHash({ screen: 'writebacks', workspaceId, ask: { cause: subject.groupKey } })
    case 'problems':
      return toHash({ screen: 'problems', workspaceId })
    default:
      return runsAt(workspaceId, parametersOf(subject))
  }
}

/** The address of a run, or of one of its steps. */
export function linkToRun({ workspaceId, id }: Pick<Run, 'workspaceId' | 'id'>, stepId?: string): string {
  const route: Route = { screen: 'runs', workspaceId, filter: 'all', search: '', runId: id }
  return toHash(stepId === undefined ? route : { ...route, stepId })
}

type RunSubject = Exclude<OverviewSubject, { readonly kind: 'undelivered' | 'stuck' | 'problems' | 'cause' }>
type Parameters = readonly (readonly [string, string])[]

/** What the list of runs is asked for in its address. */
function parametersOf(subject: RunSubject): Parameters {
  switch (subject.kind) {
    case 'all':
      return []
    case 'needsYou':
      return [['filter', 'needs-you']]
    case 'unsavedRows':
      return [['saved', 'no']]
    case 'failedLastDay':
      return [
        ['filter', 'failed'],
        ['within', '24h'],
      ]
    case 'running':
    case 'orphaned':
    case 'waiting':
      return ofOutcome[subject.kind]
    case 'stretch':
      return [
        ...(subject.outcome === null ? [] : ofOutcome[subject.outcome]),
        ['from', subject.from],
        ['to', subject.to],
      ]
  }
}

const ofOutcome: Readonly<Record<RunOutcome, Parameters>> = {
  completed: [['status', 'completed']],
  failed: [['filter', 'failed']],
  orphaned: [['filter', 'orphaned']],
  waiting: [
    ['status', 'paused'],
    ['status', 'needs_human'],
  ],
  running: [['filter', 'running']],
  cancelled: [['status', 'cancelled']],
  other: [],
}

function runsAt(workspaceId: string | null, parameters: Parameters): string {
  const list = toHash({ screen: 'runs', workspaceId, filter: 'all', search: '', runId: null })
  const query = new URLSearchParams(parameters.map(([name, value]) => [name, value]))
  return parameters.length === 0 ? list : `${list}?${query}`
}
