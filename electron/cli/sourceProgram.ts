import { Option } from 'commander'
import { RundeskError } from '../../shared/outcome'
import { type SourceAct, sourceActs } from '../../shared/sourceRuns'
import type { Declaring } from './declaring'
import { toMoment } from './listOptions'
import { resume } from './resumeCommands'
import type { CommandContext, GlobalOptions } from './runCli'
import { sourceBulk } from './sourceBulkCommands'
import { sources } from './sourceCommands'
import { withSourceFilters } from './sourceFilterOptions'
import { type ActOptions, sourceAct } from './sourceRunCommands'

/** The commands about sources of runs, and those that only the runs of some sources know. */
export function declareSources({ command, acting }: Declaring): void {
  command('fork <run>', 'a new run that takes over what stands before a step, and goes on from there')
    .option('--from <step>', 'the step, by its id or name (else the one that failed)')
    .option('--plan', 'only show what would be kept and run', false)
    .option('--force', 'yes to what it asks', false)
    .action(acting(forkHere, sourceAct('fork')))
  command('rewind <run>', 'take a run of a source back to a step and let it run again from there')
    .option('--from <step>', 'the step, by its id or name (else the one that failed)')
    .option('--plan', 'only show what would be kept and dropped', false)
    .option('--force', 'yes to what it asks', false)
    .action(acting(onlyOfSources('rewind'), sourceAct('rewind')))
  withSourceFilters(command('bulk <act> [runs...]', 'resume or cancel many runs of a source'))
    .option('--status <status>', 'all runs of this status')
    .option('--workflow <name>', 'only runs of this workflow', (name: string) => [name])
    .option('--since <time>', 'only runs that were created then or later', toMoment)
    .option('--until <time>', 'only runs that were created before then', toMoment)
    .option('--plan', 'only show what would be done', false)
    .option('--force', 'yes, also those that ask for a confirmation', false)
    .option('--reason <text>', 'why, for the ledger')
    .action(acting(onlyOfSources('bulk'), sourceBulk))
  command('sources [act] [name]', 'list, add, remove or check sources; list, show, continue or stop acts on many runs')
    .option('--env <variable>', 'the environment variable that holds the address')
    .option('--service <name>', 'a service of pg_service.conf')
    .option('--url <url>', 'postgres://user@host:5432/database, without a password')
    .option('--write-env <variable>', 'as --env, for the connection that acts')
    .option('--write-service <name>', 'as --service, for the connection that acts')
    .option('--write-url <url>', 'as --url, for the connection that acts')
    .addOption(
      new Option('--password <place>', 'where the password of a --url is')
        .choices(['pgpass', 'none'])
        .default('pgpass'),
    )
    .option('--schema <name>', "the schema of the engine's tables", 'dbos')
    .action(acting(sources))
}

/** On this machine a fork is a resume as a new run. */
function forkHere(context: CommandContext, run: string, options: ActOptions): Promise<number> {
  const { from, plan = false, force = false } = options
  const choice = { ...options, plan, force, file: false, new: true, published: false }
  return resume(context, run, from === undefined ? choice : { ...choice, from })
}

function onlyOfSources(
  name: SourceAct | 'bulk',
): (context: CommandContext, ...args: readonly unknown[]) => Promise<number> {
  return async (): Promise<never> => {
    const instead = sourceActs.some((act) => act === name) ? ' On this machine: rundesk resume RUN --from STEP' : ''
    throw new RundeskError('not_supported', `Only runs of a source know ${name}: name one with --source.${instead}`)
  }
}

/** What a command says that the runs of a source do not know. */
export function unknownToSource(name: string, { source }: Pick<GlobalOptions, 'source'>): RundeskError {
  return new RundeskError(
    'not_supported',
    `${source} does not know ${name}: that is only told of runs on this machine.`,
  )
}
