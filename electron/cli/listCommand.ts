import type { Run } from '../../shared/runs'
import { exitCodes } from './exitCodes'
import { type ListOptions, sortOf, whereOf } from './listOptions'
import type { CommandContext, GlobalOptions } from './runCli'
import { refuseSourceOptions, type SourceListOptions } from './sourceOptions'
import { oneLine, sayProblems, toTable } from './terminal'

type RunsOptions = GlobalOptions &
  ListOptions &
  SourceListOptions & {
    readonly limit?: number
    readonly failures: boolean
  }

/** `rundesk runs` */
export async function runs(context: CommandContext, options: RunsOptions): Promise<number> {
  const { client, terminal } = context
  refuseSourceOptions(options)
  const { unreadable, ...list } = await client.request('runs:list', {
    where: whereOf(options),
    sort: sortOf(options),
    limit: options.failures ? 0 : (options.limit ?? null),
    ...(options.status === undefined ? {} : { status: options.status }),
    ...(options.search === undefined ? {} : { search: options.search }),
  })
  if (options.failures) await answerFailures(context, options)
  else {
    const nothing = unreadable ? 'No runs were found, but not everything could be read.' : 'No runs.'
    terminal.answer(list, () => (list.runs.length === 0 ? nothing : runTable(list.runs)))
  }
  sayProblems(terminal, list.problems)
  if (!options.failures && list.runs.length < list.total) terminal.say(`${list.runs.length} of ${list.total} runs`)
  return unreadable ? exitCodes.cannotTell : exitCodes.done
}

/** So many groups are told at most. */
const mostGroups = 500

/** The groups of equal failures among the runs that the options ask for. */
async function answerFailures({ client, terminal }: CommandContext, options: RunsOptions): Promise<void> {
  const where = { ...whereOf(options), ...(options.status === undefined ? {} : { statuses: [options.status] }) }
  const { groups, total } = await client.request('runs:failures', {
    workspaceId: null,
    filter: 'all',
    where,
    limit: Math.min(options.limit ?? mostGroups, mostGroups),
    ...(options.search === undefined ? {} : { search: options.search }),
  })
  terminal.answer({ failures: groups, total }, () =>
    groups.length === 0
      ? 'No failures.'
      : toTable(
          groups.map(({ key, count, lastAt, title, workflows }) => [
            key,
            `${count} x`,
            lastAt ?? '',
            oneLine(workflows.join(', '), 40),
            oneLine(title),
          ]),
        ),
  )
  if (groups.length < total) terminal.say(`${groups.length} of ${total} groups`)
}

function runTable(list: readonly Run[]): string {
  return toTable(
    list.map((run) => [
      oneLine(run.id, 60),
      run.liveness && run.liveness !== 'live' ? `${run.status} (${run.liveness})` : run.status,
      oneLine(run.workflowName, 40),
      run.startedAt ?? '',
      `${run.stepCounts.completed}/${run.stepCounts.total}`,
      `${run.saved ? '' : 'NOT SAVED '}${oneLine(run.error ?? '')}`,
    ]),
  )
}
