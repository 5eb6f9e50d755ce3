import { setTimeout as sleep } from 'node:timers/promises'
import type { WritebackPage } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import { type Operation, settledStates, type WritebackItem, writebackStates } from '../../shared/writebacks'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, printable, sayProblems, toTable } from './terminal'

const pageSize = 500
const everything = 1_000_000
const pollMs = 200

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

async function allItems(client: CommandContext['client']): Promise<WritebackPage> {
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

/** `rundesk retry KEY…` */
export async function retry(
  context: CommandContext,
  keys: readonly string[],
  options: GlobalOptions & {
    readonly group?: string
    readonly all: boolean
    readonly reason?: string
    readonly wait: number
  },
): Promise<number> {
  const { client, terminal } = context
  const { items } = await allItems(client)
  const undelivered = items.filter((item) => !settledStates.includes(item.state))
  const chosen = new Map(named(items, keys).map((item) => [item.key, item]))
  for (const item of undelivered)
    if (options.all || (options.group !== undefined && item.groupKey === options.group)) chosen.set(item.key, item)
  if (chosen.size === 0) {
    terminal.say('rundesk: nothing to retry: name keys, --group or --all (list them with: rundesk writebacks)')
    return keys.length === 0 && options.group === undefined && !options.all ? exitCodes.usage : exitCodes.notPossible
  }
  const { operation } = await client.request('writebacks:retry', {
    items: [...chosen.values()].map(({ key, version }) => ({ key, version })),
    reason: options.reason ?? null,
    waitSeconds: options.wait,
  })
  const ended = await settle(context, operation, options.wait)
  answerOperation(context, ended)
  if (ended.items.every((item) => item.outcome === 'delivered')) return exitCodes.done
  return ended.items.every((item) => item.outcome === 'refused' || item.outcome === 'changed')
    ? exitCodes.notPossible
    : exitCodes.failing
}

/** Waits until every item has a lasting outcome, or the time is up. */
async function settle({ client }: CommandContext, operation: Operation, waitSeconds: number): Promise<Operation> {
  const deadlineMs = Date.now() + waitSeconds * 1000 + 2_000
  let current = operation
  while (
    current.items.some((item) => item.outcome === null || item.outcome === 'sent') &&
    current.endedAt === null &&
    Date.now() < deadlineMs
  ) {
    await sleep(pollMs)
    current = (await client.request('operations:get', { operationId: operation.id })).operation
  }
  return current
}

/** `rundesk dismiss KEY…` */
export async function dismiss(
  context: CommandContext,
  keys: readonly string[],
  options: GlobalOptions & { readonly reason?: string },
): Promise<number> {
  const items = named((await allItems(context.client)).items, keys)
  const { operation } = await context.client.request('writebacks:dismiss', {
    items: items.map(({ key, version }) => ({ key, version })),
    reason: options.reason ?? null,
  })
  answerOperation(context, operation)
  return operation.items.every((item) => item.outcome === 'dismissed') ? exitCodes.done : exitCodes.notPossible
}

/** `rundesk restore KEY…` */
export async function restore(context: CommandContext, keys: readonly string[]): Promise<number> {
  const { operation } = await context.client.request('writebacks:restore', { keys: [...keys] })
  answerOperation(context, operation)
  return operation.items.every((item) => item.outcome === 'restored') ? exitCodes.done : exitCodes.notPossible
}

function named(items: readonly WritebackItem[], keys: readonly string[]): readonly WritebackItem[] {
  return keys.map((key) => {
    const found = items.find((item) => item.key === key)
    if (!found)
      throw new RundeskError(
        'not_found',
        `There is no writeback with the key ${JSON.stringify(key)}. List them with: rundesk writebacks`,
      )
    return found
  })
}

function answerOperation({ terminal }: CommandContext, operation: Operation): void {
  const answer = {
    operation: operation.id,
    items: operation.items.map(({ key, outcome, detail }) => ({ key, outcome: outcome ?? 'sent', detail })),
  }
  terminal.answer(answer, () =>
    toTable(
      operation.items.map((item) => [
        item.key,
        item.outcome ?? 'sent',
        printable(item.path ?? ''),
        oneLine(item.detail),
      ]),
    ),
  )
}
