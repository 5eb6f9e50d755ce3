import { type Command, Option } from 'commander'
import { sourceViews } from '../../shared/sourceFilters'

/** Adds the options by which only the runs of a source can be narrowed. */
export function withSourceFilters(command: Command): Command {
  return command
    .addOption(new Option('--view <name>', 'with --source: only these runs').choices([...sourceViews]))
    .option('--queue <name>', 'with --source: only runs of this queue')
    .option('--app-version <version>', 'with --source: only runs of this version of the application')
    .option('--prefix <id>', 'with --source: only runs whose id starts so')
}
