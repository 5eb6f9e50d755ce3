import { RundeskError } from '../../shared/outcome'
import { namedServer } from '../../shared/rules/serverAddress'
import type { SourceAsk } from '../../shared/sourceRuns'
import type { Connection, Source } from '../../shared/sources'
import type { ListOptions } from './listOptions'
import type { CommandContext } from './runCli'

/** What a command for the runs of a remote source works with. */
export interface SourceContext extends CommandContext {
  readonly source: Source
}

/** The options of `runs` and `bulk` that narrow the runs of a source. */
export interface SourceListOptions extends Partial<ListOptions> {
  readonly status?: string
  readonly search?: string
  readonly view?: SourceAsk['view']
  readonly queue?: string
  readonly appVersion?: string
  readonly prefix?: string
}

/** The source of this name or id. Throws `not_found`, and `ambiguous_id` where a workspace and a source have it. */
export async function findSource({ client }: Pick<CommandContext, 'client'>, wanted: string): Promise<Source> {
  const { sources, trouble } = await client.request('sources:list', {})
  const found = sources.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase())
  const [only, ...others] = found
  if (!only) {
    const names = sources.map(({ name }) => name).join(', ')
    const known = names === '' ? 'There are none: rundesk sources add' : `There are: ${names}`
    throw new RundeskError('not_found', `There is no source ${JSON.stringify(wanted)}. ${trouble ?? known}`)
  }
  if (others.length > 0)
    throw new RundeskError(
      'ambiguous_id',
      `${JSON.stringify(wanted)} names several: ${found.map(({ id, where }) => `${id} (${where})`).join(', ')}. Give the id.`,
    )
  return only
}

/** What the options ask of a source. Throws `not_supported` for those that only runs on this machine can be asked for. */
export function sourceAskOf(options: SourceListOptions): SourceAsk {
  const { workflow = [], liveness, longerThan, shorterThan, hasError, unsaved, cause, sort, reverse } = options
  const local = {
    '--liveness': liveness,
    '--longer-than': longerThan,
    '--shorter-than': shorterThan,
    '--has-error': hasError,
    '--unsaved': unsaved,
    '--cause': cause,
    '--sort': sort === 'started' ? undefined : sort,
    '--reverse': reverse || undefined,
  }
  const unknown = Object.entries(local).find(([, value]) => value !== undefined)
  if (unknown) throw new RundeskError('not_supported', `Runs of a source cannot be asked for ${unknown[0]}.`)
  if (workflow.length > 1)
    throw new RundeskError('usage', 'Runs of a source can be asked for one --workflow at a time.')
  const where = {
    statuses: options.status === undefined ? undefined : [options.status],
    workflowName: workflow[0],
    search: options.search,
    from: options.since,
    to: options.until,
    queueName: options.queue,
    applicationVersion: options.appVersion,
    idPrefix: options.prefix,
  }
  return {
    view: options.view ?? 'all',
    where: Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined)),
  }
}

/** The run of this id, or the one whose id starts so. Throws `not_found` and `ambiguous_id`. */
export async function findSourceRun({ client, source }: SourceContext, wanted: string): Promise<string> {
  const { run } = await client.request('sources:run', { sourceId: source.id, runId: wanted })
  if (run) return run.id
  const unknown = new RundeskError(
    'not_found',
    `There is no run ${JSON.stringify(wanted)} in ${source.name}. List them with: rundesk runs --source ${JSON.stringify(source.name)}`,
  )
  if (!source.filters.includes('idPrefix') || wanted.length < 4) throw unknown
  const { rows } = await client.request('sources:runs', {
    sourceId: source.id,
    where: { idPrefix: wanted },
    offset: 0,
    limit: 5,
  })
  const [only, ...others] = rows
  if (!only) throw unknown
  if (others.length > 0)
    throw new RundeskError(
      'ambiguous_id',
      `${JSON.stringify(wanted)} fits several runs: ${rows.map(({ id }) => id).join(', ')}. Give more of the id.`,
    )
  return only.id
}

/** Throws `usage` for options that narrow the runs of a source only. */
export function refuseSourceOptions({ view, queue, appVersion, prefix }: SourceListOptions): void {
  const given = Object.entries({ '--view': view, '--queue': queue, '--app-version': appVersion, '--prefix': prefix })
  const one = given.find(([, value]) => value !== undefined)
  if (one) throw new RundeskError('usage', `${one[0]} narrows the runs of a source: name one with --source.`)
}

/** How the options of `sources add` name a connection; null when they name none. Throws `usage`. */
export function connectionOf({
  env,
  service,
  url,
  password,
}: {
  readonly env?: string | undefined
  readonly service?: string | undefined
  readonly url?: string | undefined
  readonly password: 'pgpass' | 'none'
}): Connection | null {
  const given = [env, service, url].filter((one) => one !== undefined)
  if (given.length > 1) throw new RundeskError('usage', 'Name a connection in one way: by --env, --service or --url.')
  if (env !== undefined) return { from: 'environment', variable: env }
  if (service !== undefined) return { from: 'service', service }
  if (url === undefined) return null
  const { connection, refused } = namedServer(url)
  if (connection === null) throw new RundeskError('usage', refused)
  return { ...connection, password }
}
