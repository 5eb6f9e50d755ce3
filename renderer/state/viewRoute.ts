import type { RunViewAsk } from '../../shared/runViews'
import type { RunsRoute } from './route'

/** The list of runs as a view shows it. */
export function viewRoute(workspaceId: string | null, { filter, search, where, sort, group }: RunViewAsk): RunsRoute {
  return {
    screen: 'runs',
    workspaceId,
    filter,
    search: search ?? '',
    runId: null,
    ...(where && Object.keys(where).length > 0 ? { where } : {}),
    ...(sort ? { sort } : {}),
    ...(group ? { group } : {}),
  }
}

/** What a list shows, as a view keeps it: not where, and not which run is open. */
export function viewAskOf({ filter, search, where, sort, group }: RunsRoute): RunViewAsk {
  return {
    filter,
    ...(search === '' ? {} : { search }),
    ...(where ? { where } : {}),
    ...(sort ? { sort } : {}),
    ...(group ? { group } : {}),
  }
}

/** Do both show the same? */
export function isSameView(one: RunViewAsk, other: RunViewAsk): boolean {
  const words = (ask: RunViewAsk): string => JSON.stringify(viewAskOf(viewRoute(null, ask)), sortedKeys)
  return words(one) === words(other)
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
}
