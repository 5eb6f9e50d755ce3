import { durationText, parseDurationMs } from '../../shared/rules/durationText'
import { type RunWhere, runWhereSchema } from '../../shared/rules/runWhere'
import { type RunGrouping, runGroupings } from '../../shared/runGroups'
import { type RunSort, runSorts } from '../../shared/runList'

/** What else an address asks of the list of runs; what is not asked is left out. */
export interface RunAskRoute {
  readonly where?: RunWhere
  readonly sort?: RunSort
  /** One line for each cause of failure, or for each workflow, instead of one for each run. */
  readonly group?: RunGrouping
}

const choices: Readonly<Record<string, boolean>> = { yes: true, no: false }

/** Reads what an address asks of the list of runs. What nobody knows asks for nothing. */
export function parseRunAsk(parameters: URLSearchParams): RunAskRoute {
  const { shape } = runWhereSchema
  const where: RunWhere = {}
  const list = (name: string): string[] | undefined => (parameters.has(name) ? parameters.getAll(name) : undefined)
  const duration = (name: string): number | undefined => parseDurationMs(parameters.get(name) ?? '') ?? undefined
  const choice = (name: string): boolean | undefined => choices[parameters.get(name) ?? '']
  const take = <K extends keyof RunWhere>(key: K, value: unknown): void => {
    if (value === undefined || value === null) return
    const parsed = shape[key].safeParse(value)
    if (parsed.success) Object.assign(where, { [key]: parsed.data })
  }
  take('statuses', list('status'))
  take('liveness', list('live'))
  take('workflows', list('workflow'))
  take('within', parameters.get('within'))
  take('from', parameters.get('from'))
  take('to', parameters.get('to'))
  take('longerMs', duration('longer'))
  take('shorterMs', duration('shorter'))
  take('hasError', choice('error'))
  take('saved', choice('saved'))
  take('cause', parameters.get('cause'))
  const sort = parseSort(parameters.get('sort') ?? '')
  const group = runGroupings.find((known) => known === parameters.get('group'))
  return {
    ...(Object.keys(where).length === 0 ? {} : { where }),
    ...(sort ? { sort } : {}),
    ...(group ? { group } : {}),
  }
}

/** Writes into an address what is asked. */
export function writeRunAsk(parameters: URLSearchParams, { where = {}, sort, group }: RunAskRoute): void {
  for (const status of where.statuses ?? []) parameters.append('status', status)
  for (const liveness of where.liveness ?? []) parameters.append('live', liveness)
  for (const workflow of where.workflows ?? []) parameters.append('workflow', workflow)
  const { within, from, to, longerMs, shorterMs, hasError, saved, cause } = where
  const plain = { within, from, to, cause }
  for (const [name, value] of Object.entries(plain)) if (value !== undefined) parameters.set(name, value)
  if (longerMs !== undefined) parameters.set('longer', durationText(longerMs))
  if (shorterMs !== undefined) parameters.set('shorter', durationText(shorterMs))
  if (hasError !== undefined) parameters.set('error', hasError ? 'yes' : 'no')
  if (saved !== undefined) parameters.set('saved', saved ? 'yes' : 'no')
  if (sort) parameters.set('sort', `${sort.ascending ? '' : '-'}${sort.by}`)
  if (group) parameters.set('group', group)
}

function parseSort(text: string): RunSort | null {
  const by = runSorts.find((known) => known === text.replace(/^-/, ''))
  return by ? { by, ascending: !text.startsWith('-') } : null
}

/** The parts of what is asked that a list is narrowed by, with `change`; what becomes empty is left out. */
export function changedWhere(
  where: RunWhere | undefined,
  change: { readonly [K in keyof RunWhere]: RunWhere[K] | undefined },
): RunWhere | undefined {
  const next = Object.fromEntries(
    Object.entries({ ...where, ...change }).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  ) as RunWhere
  return Object.keys(next).length === 0 ? undefined : next
}
