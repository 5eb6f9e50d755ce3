import { setTimeout as sleep } from 'node:timers/promises'
import type { WritebackPage } from '../../shared/contract'
import type { Operation, Preview } from '../../shared/operations'
import { settledStates } from '../../shared/writebacks'
import { onInterrupt } from '../api/interrupts'
import { exitCodes } from './exitCodes'
import { answerOperation, operationItems, sayState } from './operationAnswer'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, sayProblems, toTable } from './terminal'
import { allItems, isUntold } from './writebackCommands'

const pollMs = 200
const sayEveryMs = 2_000

export interface RetryOptions extends GlobalOptions {
  readonly group?: string
  readonly all: boolean
  readonly reason?: string
  readonly wait: number
  readonly plan: boolean
  readonly canary: boolean
  readonly rate?: number
  readonly stopAfter?: number
}

/** `rundesk retry KEY…` */
export async function retry(context: CommandContext, keys: readonly string[], options: RetryOptions): Promise<number> {
  const { client, terminal } = context
  const chosen = new Set(keys)
  const asked = options.all || options.group !== undefined
  const all = asked ? await allItems(client) : null
  for (const { key, groupKey, state } of all?.items ?? [])
    if (!settledStates.includes(state) && (options.all || groupKey === options.group)) chosen.add(key)
  if (chosen.size === 0 && all) return answerNothing(context, { group: options.group, page: all })
  if (chosen.size === 0) {
    terminal.say('rundesk: nothing to retry: name keys, --group or --all (list them with: rundesk writebacks)')
    return exitCodes.usage
  }
  const preview = await client.request('writebacks:preview', { keys: [...chosen], act: 'retry' })
  if (options.plan) return answerPlan(context, preview)
  const plan = {
    canary: options.canary,
    stopAfterFailures: options.stopAfter ?? null,
    perSecond: options.rate ?? null,
  }
  const reason = options.reason ?? null
  const { setId } = preview
  return underInterrupt(context, options.wait, async () => {
    const { operation } = await client.request('writebacks:retry', { setId, reason, plan, waitSeconds: options.wait })
    return operation
  })
}

/** Says why a choice of writebacks is empty. */
function answerNothing(
  { terminal }: CommandContext,
  { group, page }: { readonly group: string | undefined; readonly page: WritebackPage },
): number {
  if (group === undefined && !isUntold(page)) {
    terminal.answer({ operation: null, items: [] }, () => 'Nothing is undelivered.')
    return exitCodes.done
  }
  const what = group === undefined ? 'nothing undelivered' : `nothing undelivered of the cause ${JSON.stringify(group)}`
  const but = isUntold(page) ? ', but not everything could be read' : ''
  terminal.say(`rundesk: ${what} was found${but} (list them with: rundesk writebacks)`)
  sayProblems(terminal, page.problems)
  return isUntold(page) ? exitCodes.cannotTell : exitCodes.notPossible
}

/** Tells what became of a retry, and gives its exit code. */
async function answerRetry(context: CommandContext, operationId: string): Promise<number> {
  const { operation, items } = await operationItems(context, operationId)
  answerOperation(context, { operation, items })
  sayState(context, operation)
  if (items.every((item) => item.outcome === 'delivered')) return exitCodes.done
  return items.every((item) => item.outcome === 'refused' || item.outcome === 'changed')
    ? exitCodes.notPossible
    : exitCodes.failing
}

function answerPlan({ terminal }: CommandContext, preview: Preview): number {
  const { setId: _set, ...plan } = preview
  terminal.answer(plan, () => {
    const rows = preview.items.map(({ key, way, path, reason }) => [
      key,
      way ?? 'refused',
      oneLine(path ?? '(no path)', 60),
      oneLine(reason ?? ''),
    ])
    const { refused } = preview.counts
    const more = preview.total - rows.length
    const rest = more > 0 ? `… and ${more} more\n` : ''
    return `${toTable(rows)}\n${rest}${preview.total - refused} of ${preview.total} can be retried; nothing was done.`
  })
  return preview.counts.refused === preview.total ? exitCodes.notPossible : exitCodes.done
}

/** Waits until everything has a lasting outcome, nobody works on it any more, or the time for confirmations is up. */
async function settle(
  { client, terminal }: CommandContext,
  { id }: Pick<Operation, 'id'>,
  waitSeconds: number,
): Promise<void> {
  let followingSinceMs: number | undefined
  let saidMs = Date.now()
  for (;;) {
    const { operation } = await client.request('operations:get', { operationId: id, limit: 0 })
    const { state, done, total, counts, remainingMs } = operation
    if (state === 'ended' || state === 'interrupted' || state === 'paused') return
    if (state === 'following') {
      followingSinceMs ??= Date.now()
      if (Date.now() - followingSinceMs > waitSeconds * 1000 + 500) return
    }
    if (Date.now() - saidMs > sayEveryMs) {
      saidMs = Date.now()
      const left = remainingMs === null ? '' : `, ${Math.ceil(remainingMs / 1000)} s left`
      terminal.say(`rundesk: ${done} of ${total}: ${counts.delivered} delivered, ${counts.failed} failed${left}`)
    }
    await sleep(pollMs)
  }
}

/**
 * Begins an operation, waits for its end, tells what became of it, and gives the exit code. An interrupt ends the operation
 * in order, also one that comes while it begins; a second one ends the process.
 */
export async function underInterrupt(
  context: CommandContext,
  waitSeconds: number,
  begin: () => Promise<Operation>,
): Promise<number> {
  const { client, terminal } = context
  let begun: string | undefined
  let interrupted = false
  const abort = (): void => {
    if (begun === undefined || !interrupted) return
    client.request('operations:abort', { operationId: begun }).catch(() => undefined)
  }
  const stopListening = onInterrupt({
    act: () => {
      terminal.say('rundesk: ending the operation …')
      interrupted = true
      abort()
    },
    sayAtOnce: () => {
      const next = begun === undefined ? 'operations' : `operations continue ${begun}`
      terminal.say(`rundesk: ended at once, in the middle of the operation. Go on with: rundesk ${next}`)
    },
  })
  try {
    const operation = await begin()
    begun = operation.id
    abort()
    await settle(context, operation, waitSeconds)
  } finally {
    stopListening()
  }
  return answerRetry(context, begun)
}
