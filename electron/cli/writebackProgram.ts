import { Option } from 'commander'
import { compare, dismiss, edit, exportWritebacks, restore } from './actCommands'
import type { Declaring } from './declaring'
import { toCount, toRate, toSeconds, toWhole } from './numberOptions'
import { audit, operations } from './operationCommands'
import { retry } from './retryCommand'
import { group, history, writebacks } from './writebackCommands'
import { writeback } from './writebackDetailCommand'

/** The commands about writebacks. */
export function declareWritebacks({ command, acting }: Declaring): void {
  command('writebacks', 'what the mounts have not delivered, by cause')
    .option('--state <state>', 'only items in this state')
    .option('--group <key>', 'only items of this cause')
    .option('--search <text>', 'only items whose path, message, operation or answer holds every word')
    .action(acting(writebacks))
  command(
    'writeback <key>',
    'one of them: what failed, every try, its records, what would be sent, what to type',
  ).action(acting(writeback))
  command('group <key>', 'say what is to become of a cause')
    .option('--resolve', 'it is dealt with; it opens again when it happens again', false)
    .option('--open', 'it is not', false)
    .option('--ignore', 'leave it alone', false)
    .option('--until <time>', 'how long to ignore it (else for ever)')
    .option('--note <text>', 'a note for whoever looks next')
    .action(acting(group))
  command('history', 'evidence of writebacks that was seen earlier and is no longer on disk')
    .option('--search <text>', 'only what holds every word')
    .option('--limit <n>', 'at most so many', toWhole)
    .action(acting(history))
  command('retry [keys...]', 'deliver writebacks again and watch what becomes of them')
    .option('--group <key>', 'all items of this group')
    .option('--all', 'all undelivered items', false)
    .option('--reason <text>', 'why, for the ledger')
    .option('--wait <seconds>', 'how long to wait for a confirmation', toSeconds, 60)
    .option('--plan', 'only show what would be done', false)
    .option('--canary', 'one item first, then ten, then the rest', false)
    .option('--rate <n>', 'at most so many items a second', toRate)
    .option('--stop-after <n>', 'stop when so many items failed', toCount)
    .action(acting(retry))
  command('dismiss [keys...]', 'put the evidence of writebacks aside')
    .option('--group <key>', 'all items of this group')
    .option('--reason <text>', 'why, for the ledger')
    .option('--plan', 'only show what would be done', false)
    .action(acting(dismiss))
  command('restore [keys...]', 'bring dismissed evidence back')
    .option('--operation <id>', 'all that this dismissal put aside')
    .action(acting(restore))
  command('edit <key>', 'give a writeback new content, or choose a version, and deliver it')
    .option('--file <file>', 'the new content (- reads the standard input)')
    .option('--take <version>', 'server, local or conflict-copy')
    .option('--server-revision <revision>', "the server's revision that was seen; a newer one is not written over")
    .option('--reason <text>', 'why, for the ledger')
    .option('--wait <seconds>', 'how long to wait for a confirmation', toSeconds, 60)
    .action(acting(edit))
  command(
    'compare <key>',
    "the versions of a file: what both began with, the local one, the server's, the copy",
  ).action(acting(compare))
  command('export [keys...]', 'writebacks as a table or a document')
    .option('--group <key>', 'all items of this group')
    .option('--search <text>', 'all items that hold this text')
    .addOption(new Option('--format <name>', 'csv or json (else csv, with --json json)').choices(['csv', 'json']))
    .option('--output <file>', 'where to write it (else the standard output)')
    .action(acting(exportWritebacks))
  command('operations [act] [id]', 'list, show, pause, continue, abort, close or undo acts on writebacks')
    .option('--wait <seconds>', 'how long to wait for a confirmation', toSeconds, 60)
    .action(acting(operations))
  command('audit', 'who did what to which writeback, why, and what came of it')
    .option('--search <text>', 'only what holds this text')
    .option('--by <name>', 'only what this person did')
    .option('--from <time>', 'from this day or time on')
    .option('--to <time>', 'up to this day (all of it) or time')
    .addOption(new Option('--format <name>', 'all of it as csv or json').choices(['csv', 'json']))
    .option('--output <file>', 'where to write it (else the standard output)')
    .action(acting(audit))
}
