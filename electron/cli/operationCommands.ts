import type { Operation } from '../../shared/operations'
import { dayEdge } from '../../shared/rules/dayEdge'
import { exitCodeOfMoves, save } from './actCommands'
import { exitCodes } from './exitCodes'
import { answerOperation, operationItems, sayState } from './operationAnswer'
import { underInterrupt } from './retryCommand'
import type { CommandContext, GlobalOptions } from './runCli'
import { oneLine, toTable } from './terminal'

const acts = ['list', 'show', 'pause', 'continue', 'abort', 'close', 'undo'] as const
const pageSize = 500

/** `rundesk operations [list|show|pause|continue|abort|close|undo] [ID]` */
export async function operations(
  context: CommandContext,
  act: string | undefined,
  operationId: string | undefined,
  options: GlobalOptions & { readonly wait: number },
): Promise<number> {
  const { client, terminal } = context
  const wanted = acts.find((known) => known === (act ?? 'list'))
  if (wanted === undefined || (wanted !== 'list' && operationId === undefined)) {
    terminal.say(`rundesk: operations ${acts.join('|')}, all but list with the id of an operation`)
    return exitCodes.usage
  }
  if (wanted === 'list' || operationId === undefined) return list(context)
  if (wanted === 'show') {
    const { operation, items } = await operationItems(context, operationId)
    if (!terminal.json) terminal.say(aboutOperation(operation))
    answerOperation(context, { operation, items })
    sayState(context, operation)
    return exitCodes.done
  }
  if (wanted === 'undo') {
    const { operation } = await client.request('operations:undo', { operationId })
    const done = await operationItems(context, operation.id)
    answerOperation(context, done)
    return exitCodeOfMoves(done.items, 'restored')
  }
  if (wanted === 'continue') {
    return underInterrupt(
      context,
      options.wait,
      async () => (await client.request('operations:resume', { operationId })).operation,
    )
  }
  await client.request(`operations:${wanted}`, { operationId })
  const { operation, items } = await operationItems(context, operationId)
  answerOperation(context, { operation, items })
  sayState(context, operation)
  return exitCodes.done
}

/** Who did what, when, how far it came, and why. */
function aboutOperation({ id, act, state, by, startedAt, endedAt, reason, done, total }: Operation): string {
  const head = `${act} ${id} by ${oneLine(by)}, ${startedAt} to ${endedAt ?? 'now'}: ${state}, ${done} of ${total} done`
  return reason === null ? head : `${head}\n${oneLine(reason, 400)}`
}

async function list({ client, terminal }: CommandContext): Promise<number> {
  const all: Operation[] = []
  for (;;) {
    const page = await client.request('operations:list', { offset: all.length, limit: pageSize })
    all.push(...page.operations)
    if (page.operations.length === 0 || all.length >= page.total) break
  }
  terminal.answer({ operations: all }, () =>
    all.length === 0
      ? 'No act on a writeback was done here.'
      : toTable(
          all.map(({ id, act, state, startedAt, by, total, counts, reason }) => [
            ...[
              id,
              act,
              state,
              startedAt,
              by,
              `${total} items, ${counts.delivered} delivered, ${counts.failed} failed`,
            ],
            oneLine(reason ?? ''),
          ]),
        ),
  )
  return exitCodes.done
}

/** `rundesk audit`: who did what to which item, why, and what came of it. */
export async function audit(
  context: CommandContext,
  options: GlobalOptions & {
    readonly search?: string
    readonly by?: string
    readonly from?: string
    readonly to?: string
    readonly format?: 'csv' | 'json'
    readonly output?: string
  },
): Promise<number> {
  const { client, terminal } = context
  const { search, by, format } = options
  const [from, to] = [toTime(options.from, 'first'), toTime(options.to, 'last')]
  if (from === null || to === null) {
    terminal.say('rundesk: give --from and --to as a day (2026-11-01) or a time (2026-11-01T12:00:00Z)')
    return exitCodes.usage
  }
  const question = {
    ...(search === undefined ? {} : { search }),
    ...(by === undefined ? {} : { by }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
  if (format !== undefined) {
    const { text, cut } = await client.request('audit:export', { ...question, format })
    return save(context, { text, cut, output: options.output })
  }
  const page = await client.request('audit:query', { ...question, offset: 0, limit: pageSize })
  terminal.answer(page, () =>
    page.entries.length === 0
      ? 'No act on a writeback was done here.'
      : toTable(
          page.entries.map(({ at, by: who, act, outcome, path, reason }) => [
            ...[at, who, act, outcome ?? '', oneLine(path ?? '', 60)],
            oneLine(reason ?? ''),
          ]),
        ),
  )
  if (page.total > page.entries.length)
    terminal.say(`rundesk: the newest ${page.entries.length} of ${page.total}; all of them with --format csv or json`)
  return exitCodes.done
}

/** A time as it is, a day's first or last moment; null when the text is neither. */
function toTime(text: string | undefined, edge: 'first' | 'last'): string | null | undefined {
  if (text === undefined) return undefined
  const ms = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? dayEdge(text, edge) : new Date(ms).toISOString()
}
