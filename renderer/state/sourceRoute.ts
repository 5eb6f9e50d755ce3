import { type SourceView, sourceViews } from '../../shared/sourceFilters'
import type { SourceAsk } from '../../shared/sourceRuns'

/** What a list of remote runs can be narrowed by in the address, and its name there. */
const names = {
  status: 'status',
  workflowName: 'workflow',
  idPrefix: 'id',
  queueName: 'queue',
  applicationVersion: 'version',
  parentRunId: 'parent',
  forkedFrom: 'fork-of',
} as const
/** How far back the list goes; all of it without one. */
export const sourcePeriods = ['hour', 'day', 'week'] as const
export type SourcePeriod = (typeof sourcePeriods)[number]
export type SourceNarrowing = { readonly [Name in keyof typeof names]?: string } & { readonly within?: SourcePeriod }

/** The runs of a remote source, as far as they are narrowed, and the open one. */
export interface SourceRoute {
  readonly screen: 'source'
  readonly workspaceId: null
  readonly sourceId: string
  readonly view: SourceView
  readonly where: SourceNarrowing
  readonly runId: string | null
  /** The chosen step of the open run. */
  readonly stepId?: string
}

/** All runs of a source. */
export function sourceRoute(sourceId: string): SourceRoute {
  return { screen: 'source', workspaceId: null, sourceId, view: 'all', where: {}, runId: null }
}

const periodMs: Readonly<Record<SourcePeriod, number>> = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 }

/** What the list asks of the source. A period is counted from the full minute before `nowMs`, so that it stays one question. */
export function sourceAskOf({ view, where }: SourceRoute, nowMs: number): SourceAsk {
  const { status, within, ...rest } = where
  const from = within && new Date(Math.floor(nowMs / 60_000) * 60_000 - periodMs[within]).toISOString()
  return { view, where: { ...rest, ...(status ? { statuses: [status] } : {}), ...(from ? { from } : {}) } }
}

/** `#/s/SOURCE[/RUN]?…`: reads what stands behind `s/`. */
export function parseSourceRoute(parts: readonly string[], parameters: URLSearchParams): SourceRoute {
  const stepId = parameters.get('step')
  const within = sourcePeriods.find((known) => known === parameters.get('within'))
  const given = Object.entries(names).flatMap(([key, name]) => {
    const value = parameters.get(name)
    return value ? [[key, value] as const] : []
  })
  return {
    ...sourceRoute(parts[0] ?? ''),
    view: sourceViews.find((known) => known === parameters.get('view')) ?? 'all',
    where: { ...Object.fromEntries(given), ...(within ? { within } : {}) },
    runId: parts[1] ?? null,
    ...(stepId === null ? {} : { stepId }),
  }
}

/** The address of such a route, with its `#`. */
export function sourceHash({ sourceId, view, where, runId, stepId }: SourceRoute): string {
  const parameters = new URLSearchParams()
  if (view !== 'all') parameters.set('view', view)
  for (const [key, name] of Object.entries(names)) {
    const value = where[key as keyof typeof names]
    if (value) parameters.set(name, value)
  }
  if (where.within) parameters.set('within', where.within)
  if (runId !== null && stepId !== undefined) parameters.set('step', stepId)
  const run = runId === null ? '' : `/${encodeURIComponent(runId)}`
  return `#/s/${encodeURIComponent(sourceId)}${run}${parameters.size === 0 ? '' : `?${parameters}`}`
}

/** The list without an open run. */
export function withoutRun({ stepId: _, ...route }: SourceRoute): SourceRoute {
  return { ...route, runId: null }
}
