/** The views of the writeback desk besides its items. */
export const deskViews = ['operations', 'trash', 'audit', 'earlier'] as const
export type DeskView = (typeof deskViews)[number]

/** What a view of the desk can be narrowed by. */
const deskParameters = [
  'state',
  'cause',
  'causes',
  'provider',
  'mount',
  'sort',
  'q',
  'act',
  'by',
  'outcome',
  'from',
  'to',
] as const
type DeskParameter = (typeof deskParameters)[number]

/** What narrows a view, as the address tells it: nothing of it is empty, and nothing of it was checked. */
export type DeskAsk = { readonly [P in DeskParameter]?: string }

/** A place in the writeback desk. Without a view it is the list of items. */
export interface DeskRoute {
  readonly screen: 'writebacks'
  readonly workspaceId: string | null
  readonly view?: DeskView
  /** The key of the item under the cursor, or the id of the open operation. */
  readonly openId?: string
  readonly ask?: DeskAsk
}

/** Reads what stands behind `writebacks/` in an address. */
export function parseDeskRoute(
  workspaceId: string | null,
  [name, openId]: readonly string[],
  parameters: URLSearchParams,
): DeskRoute {
  const view = deskViews.find((known) => known === name)
  const ask: { -readonly [P in keyof DeskAsk]: string } = {}
  for (const parameter of deskParameters) {
    const value = parameters.get(parameter)
    if (value) ask[parameter] = value
  }
  return {
    screen: 'writebacks',
    workspaceId,
    ...(view ? { view } : {}),
    ...(openId === undefined || (name !== 'items' && !view) ? {} : { openId }),
    ...(Object.keys(ask).length === 0 ? {} : { ask }),
  }
}

/** What stands behind the screen's name in the address of a desk route. */
export function deskHash({ view, openId, ask }: DeskRoute): string {
  const path =
    view === undefined && openId === undefined
      ? ''
      : `/${view ?? 'items'}${openId === undefined ? '' : `/${encodeURIComponent(openId)}`}`
  const parameters = new URLSearchParams()
  for (const parameter of deskParameters) {
    const value = ask?.[parameter]
    if (value) parameters.set(parameter, value)
  }
  return `${path}${parameters.size === 0 ? '' : `?${parameters}`}`
}

/** The route with other words to narrow by; what becomes empty is left out. Nothing is open then. */
export function narrowed(route: DeskRoute, change: { readonly [P in DeskParameter]?: string | undefined }): DeskRoute {
  const ask = Object.fromEntries(
    Object.entries({ ...route.ask, ...change }).filter(([, value]) => value !== undefined && value !== ''),
  )
  return {
    screen: route.screen,
    workspaceId: route.workspaceId,
    ...(route.view ? { view: route.view } : {}),
    ...(Object.keys(ask).length === 0 ? {} : { ask }),
  }
}
