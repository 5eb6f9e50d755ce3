import type { SourceOperation } from '../../shared/sourceBulk'
import type { Source } from '../../shared/sources'
import { exitCodes } from './exitCodes'
import type { CommandContext, GlobalOptions } from './runCli'
import { answerSourceOperation, follow, operationLine } from './sourceBulkCommands'
import { connectionOf, findSource } from './sourceOptions'
import { oneLine, printable, toTable } from './terminal'

export interface SourcesOptions extends GlobalOptions {
  readonly env?: string
  readonly service?: string
  readonly url?: string
  readonly writeEnv?: string
  readonly writeService?: string
  readonly writeUrl?: string
  readonly password: 'pgpass' | 'none'
  readonly schema: string
}

const usage =
  'rundesk: use sources list, sources add NAME --env VARIABLE, sources remove NAME, sources check NAME, sources operations, or sources show, continue or stop ID'

/** `rundesk sources list|add|remove|check NAME`, `rundesk sources operations|show|continue|stop ID` */
export async function sources(
  context: CommandContext,
  act: string | undefined,
  wanted: string | undefined,
  options: SourcesOptions,
): Promise<number> {
  const { client, terminal } = context
  if (act === undefined || act === 'list') return list(context)
  if (act === 'operations') return operations(context)
  if (wanted === undefined) {
    terminal.say(usage)
    return exitCodes.usage
  }
  switch (act) {
    case 'add':
      return add(context, wanted, options)
    case 'remove': {
      const source = await findSource(context, wanted)
      await client.request('sources:remove', { sourceId: source.id })
      return list(context)
    }
    case 'check': {
      const found = await findSource(context, wanted)
      const { source } = await client.request('sources:check', { sourceId: found.id })
      return answerState(context, source)
    }
    case 'show':
      return answerSourceOperation(context, wanted)
    case 'continue':
      await client.request('sources:resumeOperation', { operationId: wanted })
      return follow(context, wanted)
    case 'stop':
      await client.request('sources:stopOperation', { operationId: wanted })
      return answerSourceOperation(context, wanted)
    default:
      terminal.say(usage)
      return exitCodes.usage
  }
}

async function list({ client, terminal }: CommandContext): Promise<number> {
  const { sources: all, trouble } = await client.request('sources:list', {})
  terminal.answer({ sources: all }, () =>
    all.length === 0
      ? 'No sources.'
      : toTable(
          all.map(({ name, kind, where, access }) => [
            oneLine(name, 40),
            kind,
            access === 'write' ? 'reads and acts' : 'only reads',
            printable(where),
          ]),
        ),
  )
  if (trouble !== null) terminal.say(`rundesk: ${trouble}`)
  return trouble === null ? exitCodes.done : exitCodes.cannotTell
}

async function add(context: CommandContext, name: string, options: SourcesOptions): Promise<number> {
  const { client, terminal } = context
  const { env, service, url, writeEnv, writeService, writeUrl, password, schema } = options
  const reading = connectionOf({ env, service, url, password })
  if (reading === null) {
    terminal.say(
      'rundesk: say how the database is reached: --env VARIABLE, --service NAME or --url postgres://user@host/database',
    )
    return exitCodes.usage
  }
  const writing = connectionOf({ env: writeEnv, service: writeService, url: writeUrl, password })
  const { source } = await client.request('sources:add', { draft: { name, kind: 'dbos', schema, reading, writing } })
  const checked = await client.request('sources:check', { sourceId: source.id })
  return answerState(context, checked.source)
}

function answerState({ terminal }: CommandContext, source: Source): number {
  const { name, where, state, access, engine } = source
  const how = access === 'write' ? 'reads and acts' : 'only reads: acts need a second, writing connection'
  const said = state.kind === 'trouble' ? `${state.code}: ${state.message}` : `${state.kind}, ${how}`
  terminal.answer({ source }, () =>
    [
      `${printable(name)}  ${printable(where)}`,
      printable(said),
      ...(engine === null
        ? []
        : [
            `version ${printable(engine.version)}${engine.schema === null ? '' : `, schema ${printable(engine.schema)}`}`,
          ]),
    ].join('\n'),
  )
  return state.kind === 'ready' ? exitCodes.done : exitCodes.cannotTell
}

async function operations({ client, terminal }: CommandContext): Promise<number> {
  const all: SourceOperation[] = []
  for (;;) {
    const page = await client.request('sources:operations', { offset: all.length, limit: 500 })
    all.push(...page.operations)
    if (all.length < page.total && page.operations.length > 0) continue
    terminal.answer({ operations: all }, () =>
      all.length === 0 ? 'No operations.' : all.map(operationLine).join('\n'),
    )
    return all.some(({ state }) => state === 'interrupted') ? exitCodes.cannotTell : exitCodes.done
  }
}
