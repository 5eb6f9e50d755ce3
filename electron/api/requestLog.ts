import { type Channel, contract } from '../../shared/contract'
import type { LogFields } from '../../shared/diagnostics'
import type { Outcome } from '../../shared/outcome'
import type { Log } from '../diagnostics/log'
import type { Timings } from '../diagnostics/timings'

/** These wait for a person, a run or a server, for as long as that takes. */
const waits = /choose|settled|cancel|start|resume|retry|edit|server|compare|updates:|sources:/i

/** What of an input is an id, and how it is called in the log. A field called `key` would be taken for a secret. */
const ids: Readonly<Record<string, string>> = {
  workspaceId: 'workspaceId',
  runId: 'runId',
  sourceId: 'sourceId',
  operationId: 'operationId',
  groupKey: 'group',
  key: 'writeback',
  setId: 'setId',
  code: 'code',
}

/** Notes in the log what was asked for: acts with their ids and how they ended, changed settings by name, what took long. */
export function createRequestLog(
  log: Log,
  timings: Timings,
  /** What takes longer is noted, in ms. */
  { slowMs = 1_000 }: { readonly slowMs?: number } = {},
): (channel: string, input: unknown, answer: () => Promise<Outcome<unknown>>) => Promise<Outcome<unknown>> {
  return async (channel, input, answer) => {
    const startMs = performance.now()
    const outcome = await answer()
    if (!isChannel(channel)) {
      log.warn('requests', 'unknown channel')
      return outcome
    }
    const ms = Math.round(performance.now() - startMs)
    timings.add(channel, performance.now() - startMs)
    const fields = {
      ...idsOf(input),
      ...(outcome.ok ? idsOfAnswer(outcome.value) : { failure: outcome.error.code }),
      ms,
    }
    if ('acts' in contract[channel]) log[outcome.ok ? 'info' : 'warn']('acts', channel, fields)
    else if (channel === 'settings:set') log.info('settings', `changed: ${namesOf(input)}`, { ok: outcome.ok })
    else if (!outcome.ok && outcome.error.code !== 'not_found') log.debug('requests', channel, fields)
    if (ms > slowMs && !waits.test(channel)) log.warn('requests', `${channel} took long`, fields)
    return outcome
  }
}

function isChannel(channel: string): channel is Channel {
  return Object.hasOwn(contract, channel)
}

function idsOf(input: unknown): LogFields {
  if (typeof input !== 'object' || input === null) return {}
  const given = Object.entries(input).flatMap(([name, value]): [string, string | number][] => {
    if (Array.isArray(value) && (name === 'items' || name === 'keys')) return [['items', value.length]]
    const called = Object.hasOwn(ids, name) ? ids[name] : undefined
    return called !== undefined && typeof value === 'string' ? [[called, value]] : []
  })
  return Object.fromEntries(given)
}

/** The run or the operation that an act made or touched. */
function idsOfAnswer(value: unknown): LogFields {
  const { run, operation } = (typeof value === 'object' && value !== null ? value : {}) as {
    readonly run?: { readonly id?: unknown; readonly status?: unknown }
    readonly operation?: { readonly id?: unknown }
  }
  return {
    ...(typeof run?.id === 'string' ? { runId: run.id, status: String(run.status) } : {}),
    ...(typeof operation?.id === 'string' ? { operationId: operation.id } : {}),
  }
}

function namesOf(input: unknown): string {
  return typeof input === 'object' && input !== null ? Object.keys(input).join(', ').slice(0, 500) : ''
}
