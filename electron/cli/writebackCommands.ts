import type { WritebackPage } from '../../shared/contract'
import { type WritebackItem, writebackStates } from '../../shared/writebacks'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, sayProblems, toTable } from './terminal'

const pageSize = 500
const everything = 1_000_000

/** `rundesk writebacks` */
export async function writebacks(
  { client, terminal }: CommandContext,
  options: GlobalOptions & { readonly state?: string },
): Promise<number> {
  const state = writebackStates.find((known) => known === options.state)
  if (options.state !== undefined && state === undefined) {
    terminal.say(`rundesk: there is no state ${options.state}. The states are: ${writebackStates.join(', ')}`)
    return exitCodes.usage
  }
  const page = await allItems(client)
  const items = state === undefined ? page.items : page.items.filter((item) => item.state === state)
  const answer = {
    summary: page.summary,
    mounts: page.mounts.map(({ relayWorkspaceId, ...mount }) => ({
      ...mount,
      workspaceId: relayWorkspaceId ?? mount.workspaceId,
    })),
    items,
    groups: page.groups,
    problems: page.problems,
  }
  terminal.answer(answer, () => itemTable(items))
  sayProblems(terminal, page.problems)
  if (page.summary.undelivered > 0) return exitCodes.failing
  return page.problems.some((problem) => problem.code.startsWith('unreadable')) ? exitCodes.cannotTell : exitCodes.done
}

function itemTable(items: readonly WritebackItem[]): string {
  if (items.length === 0) return 'Every writeback is delivered.'
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

/** Every item of every mount, with what is told of all of them. */
export async function allItems(client: CommandContext['client']): Promise<WritebackPage> {
  const query = { workspaceId: null, limit: pageSize, listLimit: everything }
  const first = await client.request('writebacks:query', { ...query, offset: 0 })
  const items = [...first.items]
  while (items.length < first.total) {
    const next = await client.request('writebacks:query', { ...query, offset: items.length })
    if (next.items.length === 0) break
    items.push(...next.items)
  }
  return { ...first, items }
}
