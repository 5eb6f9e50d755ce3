import { setTimeout as sleep } from 'node:timers/promises'
import type { Operation, Preview } from '../../shared/operations'
import { settledStates } from '../../shared/writebacks'
import { exitCodes } from './exitCodes'
import { answerOperation, operationItems } from './operationAnswer'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, toTable } from './terminal'
import { allItems } from './writebackCommands'

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
  if (options.all || options.group !== undefined) {
    const { items } = await allItems(client)
    for (const { key, groupKey, state } of items)
      if (!settledStates.includes(state) && (options.all || groupKey === options.group)) chosen.add(key)
  }
  if (chosen.size === 0) {
    terminal.say('rundesk: nothing to retry: name keys, --group or --all (list them with: rundesk writebacks)')
    return keys.length === 0 && options.group === undefined && !options.all ? exitCodes.usage : exitCodes.notPossible
  }
  const preview = await client.request('writebacks:preview', { keys: [...chosen], act: 'retry' })
  if (options.plan) return answerPlan(context, preview)
  const plan = {
    canary: options.canary,
    stopAfterFailures: options.stopAfter ?? null,
    perSecond: options.rate ?? null,
  }
  const reason = options.reason ?? null
  const { operation } = await client.request('writebacks:retry', {
    ...{ setId: preview.setId, reason, plan, waitSeconds: options.wait },
  })
  const stopListening = abortOnInterrupt(context, operation.id)
  try {
    await settle(context, operation, options.wait)
  } finally {
    stopListening()
  }
  return answerRetry(context, operation.id)
}

/** Tells what became of a retry, and gives its exit code. */
export async function answerRetry(context: CommandContext, operationId: string): Promise<number> {
  const { operation, items } = await operationItems(context, operationId)
  answerOperation(context, { operation, items })
  if (operation.state === 'paused' || operation.state === 'interrupted')
    context.terminal.say(
      `rundesk: it waits: ${operation.stopped ?? 'it was interrupted'} Go on with: rundesk operations continue ${operation.id}`,
    )
  else if (operation.stopped !== null) context.terminal.say(`rundesk: ${operation.stopped}`)
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
    return `${toTable(rows)}\n${preview.total - refused} of ${preview.total} can be retried; nothing was done.`
  })
  return preview.counts.refused === preview.total ? exitCodes.notPossible : exitCodes.done
}

/** Waits until everything has a lasting outcome, nobody works on it any more, or the time for confirmations is up. */
export async function settle(
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

/** An interrupt ends the operation in order; a second one ends the process. */
export function abortOnInterrupt({ client, terminal }: CommandContext, operationId: string): () => void {
  const abort = (): void => {
    terminal.say('rundesk: ending the operation …')
    client.request('operations:abort', { operationId }).catch(() => undefined)
  }
  process.once('SIGINT', abort)
  return () => process.removeListener('SIGINT', abort)
}
