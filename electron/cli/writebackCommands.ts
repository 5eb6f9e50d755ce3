import type { WritebackPage, WritebackQuery } from '../../shared/contract'
import {
  groupStates,
  type HistoryRow,
  type WritebackGroup,
  type WritebackItem,
  writebackStates,
} from '../../shared/writebacks'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, printable, sayProblems, toTable } from './terminal'

const pageSize = 500
const everything = 1_000_000

/** What makes that nobody can tell whether all is delivered. */
const untold = /^unreadable|^damaged_state$|^mount_missing$/

/** `rundesk writebacks` */
export async function writebacks(
  { client, terminal }: CommandContext,
  options: GlobalOptions & { readonly state?: string; readonly group?: string; readonly search?: string },
): Promise<number> {
  const state = writebackStates.find((known) => known === options.state)
  if (options.state !== undefined && state === undefined) {
    terminal.say(`rundesk: there is no state ${options.state}. The states are: ${writebackStates.join(', ')}`)
    return exitCodes.usage
  }
  const page = await allItems(client, { state, groupKey: options.group, search: options.search })
  const { items, groups } = page
  const answer = {
    summary: page.summary,
    mounts: page.mounts.map(({ relayWorkspaceId, ...mount }) => ({
      ...mount,
      workspaceId: relayWorkspaceId ?? mount.workspaceId,
    })),
    items,
    groups,
    problems: page.problems,
  }
  terminal.answer(answer, () => (items.length === 0 ? emptyText(page) : `${groupTable(groups)}\n\n${itemTable(items)}`))
  sayProblems(terminal, page.problems)
  if (page.summary.undelivered > 0) return exitCodes.failing
  return isUntold(page) ? exitCodes.cannotTell : exitCodes.done
}

/** Can nobody tell whether this is all? */
export function isUntold({ problems }: Pick<WritebackPage, 'problems'>): boolean {
  return problems.some(({ code }) => untold.test(code))
}

function emptyText(page: WritebackPage): string {
  const { summary, mounts } = page
  if (summary.undelivered > 0) return 'Nothing matches.'
  if (isUntold(page)) return 'Nothing undelivered was found, but not everything could be read.'
  return mounts.length === 0 ? 'There is no mount here.' : 'Every writeback is delivered.'
}

function groupTable(groups: readonly WritebackGroup[]): string {
  return toTable(
    groups.map((group) => [
      group.key,
      group.state,
      `${group.undelivered} of ${group.count} undelivered`,
      group.class ?? '',
      printable(group.provider ?? ''),
      group.lastFailedAt ?? '',
      oneLine(group.title),
    ]),
  )
}

function itemTable(items: readonly WritebackItem[]): string {
  return toTable(
    items.map((item) => [
      item.key,
      item.state,
      oneLine(item.path ?? '(no path)', 60),
      String(item.lastStatus ?? ''),
      oneLine(item.message ?? ''),
    ]),
  )
}

/** `rundesk group KEY`: says what is to become of a cause. */
export async function group(
  { client, terminal }: CommandContext,
  groupKey: string,
  options: GlobalOptions & {
    readonly resolve: boolean
    readonly open: boolean
    readonly ignore: boolean
    readonly until?: string
    readonly note?: string
  },
): Promise<number> {
  const states = groupStates.filter((state) => options[verbs[state]])
  const untilMs = options.until === undefined ? null : Date.parse(options.until)
  const nothingSaid = states.length === 0 && !options.note
  if (states.length > 1 || nothingSaid || Number.isNaN(untilMs) || (untilMs !== null && !options.ignore)) {
    terminal.say('rundesk: give one of --resolve, --open, --ignore [--until TIME], or --note TEXT')
    return exitCodes.usage
  }
  let shown: WritebackGroup | undefined
  if (options.note !== undefined)
    shown = (await client.request('writebacks:addNote', { groupKey, text: options.note })).group
  for (const state of states) {
    const until = untilMs === null ? null : new Date(untilMs).toISOString()
    shown = (await client.request('writebacks:setGroup', { groupKey, state, until })).group
  }
  terminal.answer({ group: shown }, () => (shown ? groupTable([shown]) : ''))
  return exitCodes.done
}

const verbs = { open: 'open', resolved: 'resolve', ignored: 'ignore' } as const

/** `rundesk history`: evidence that was seen earlier and is no longer on disk. */
export async function history(
  { client, terminal }: CommandContext,
  options: GlobalOptions & { readonly search?: string; readonly limit?: number },
): Promise<number> {
  const rows: HistoryRow[] = []
  const search = options.search === undefined ? {} : { search: options.search }
  let total = 0
  for (;;) {
    const limit = Math.min(pageSize, (options.limit ?? everything) - rows.length)
    const page = await client.request('writebacks:history', { ...search, offset: rows.length, limit })
    total = page.total
    rows.push(...page.rows)
    if (page.rows.length === 0 || rows.length >= Math.min(total, options.limit ?? everything)) break
  }
  terminal.answer({ rows, total }, () =>
    rows.length === 0
      ? 'Everything that was ever seen is still on disk.'
      : toTable(
          rows.map((row) => [
            row.seenAt,
            row.kind,
            oneLine(row.path ?? row.file, 60),
            String(row.status ?? ''),
            oneLine(row.message ?? ''),
          ]),
        ),
  )
  return exitCodes.done
}

/** Every item of every mount, with what is told of all of them. */
export async function allItems(
  client: CommandContext['client'],
  filter: Pick<WritebackQuery, 'state' | 'groupKey' | 'search'> = {},
): Promise<WritebackPage> {
  const query = { ...filter, workspaceId: null, limit: pageSize, listLimit: everything }
  const first = await client.request('writebacks:query', { ...query, offset: 0 })
  const items = [...first.items]
  while (items.length < first.total) {
    const next = await client.request('writebacks:query', { ...query, offset: items.length })
    if (next.items.length === 0) break
    items.push(...next.items)
  }
  return { ...first, items }
}
