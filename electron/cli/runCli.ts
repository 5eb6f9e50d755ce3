import { homedir } from 'node:os'
import { Command, CommanderError, Option } from 'commander'
import { type Client, createClient } from '../../shared/client'
import { RundeskError, toFailure } from '../../shared/outcome'
import type { App } from '../api/app'
import { defaultDataDir } from '../api/defaultDataDir'
import { compare, dismiss, edit, exportWritebacks, restore } from './actCommands'
import { exitCodeOf, exitCodes } from './exitCodes'
import { runs } from './listCommand'
import { listChoices, toDurationMs, toMoment } from './listOptions'
import { logs, state } from './logCommands'
import { toCount, toIdleMinutes, toPort, toRate, toSeconds, toWhole } from './numberOptions'
import { audit, operations } from './operationCommands'
import { resume } from './resumeCommands'
import { retry } from './retryCommand'
import { rollback } from './rollbackCommand'
import { cancel, markFailed, show, start } from './runCommands'
import { type DemoOptions, demo, openTarget, type ServeOptions, serve } from './serveCommands'
import { compact } from './storeCommands'
import { createTerminal, type Terminal } from './terminal'
import { trajectories, trajectory } from './trajectoryCommands'
import { plan } from './workflowCommands'
import { doctor, workspaces } from './workspaceCommands'
import { group, history, writebacks } from './writebackCommands'
import { writeback } from './writebackDetailCommand'

declare const __RUNDESK_VERSION__: string

/** The options that every command takes. */
export interface GlobalOptions {
  readonly workspace: readonly string[]
  readonly dataDir: string
  readonly json: boolean
  readonly readOnly: boolean
}

/** What a command works with. */
export interface CommandContext {
  readonly client: Client
  readonly app: App
  readonly terminal: Terminal
  readonly global: GlobalOptions
}

/** Runs one command line and gives its exit code (docs/cli.md). */
export async function runCli(argv: readonly string[]): Promise<number> {
  let code: number = exitCodes.done
  const program = buildProgram((next) => {
    code = next
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    throw error
  }
}

function buildProgram(setCode: (code: number) => void): Command {
  const program = new Command('rundesk')
    .description('Watch and steer local workflow runs and writebacks.')
    .version(version())
    .showHelpAfterError()
    .exitOverride()
  const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value]

  const command = (name: string, description: string): Command => {
    const made = program.command(name).description(description).exitOverride()
    made.addOption(
      new Option('-w, --workspace <dir>', 'only this folder (repeatable)')
        .argParser(collect)
        .default([], 'the saved ones'),
    )
    made.option('--data-dir <dir>', 'where Rundesk keeps settings and history', defaultDataDir())
    made.option('--json', 'one JSON document on stdout', false)
    made.option('--read-only', 'refuse every act', false)
    return made
  }
  const acting =
    <A extends readonly unknown[]>(action: (context: CommandContext, ...args: A) => Promise<number>) =>
    async (...args: readonly unknown[]): Promise<void> => {
      const options = (args.at(-2) ?? {}) as GlobalOptions
      setCode(await withApp(options, (context) => action(context, ...(args.slice(0, -1) as unknown as A))))
    }

  command('runs', 'list the runs, newest first')
    .option('--status <status>', 'only runs of this status')
    .option('--search <text>', 'only runs whose name, id or error holds this text')
    .option('--workflow <name>', 'only runs of this workflow (repeatable)', collect, [])
    .addOption(new Option('--liveness <word>', 'only going runs of which this is known').choices(listChoices.liveness))
    .option(
      '--since <time>',
      'only runs that started then or later: an age (12h, 7d), today, a day or a time',
      toMoment,
    )
    .option('--until <time>', 'only runs that started before then', toMoment)
    .option('--longer-than <duration>', 'only runs that took, or have taken, longer: 90s, 5m, 1h30m', toDurationMs)
    .option('--shorter-than <duration>', 'only runs that took less', toDurationMs)
    .option('--has-error', 'only runs that tell of an error')
    .option('--cause <key>', 'only runs of this group of equal failures (see --failures)')
    .addOption(new Option('--sort <by>', 'in which order (else started)').choices(listChoices.sort))
    .option('--reverse', 'the other way round', false)
    .option('--limit <n>', 'at most so many', toWhole)
    .option('--failures', 'one line for each group of equal failures, with its key', false)
    .action(acting(runs))
  command('show <run>', 'one run with its steps and attempts').action(acting(show))
  command('start <file>', 'run a workflow file here, in the foreground')
    .option('--workflow <name>', 'which workflow of the file')
    .option('--var <name=value>', 'a variable of the workflow (repeatable)', collect, [])
    .option('--published', 'with the published runner that is installed in the workspace', false)
    .action(acting(start))
  command('plan <file>', 'what a workflow file would do, and everything that is wrong with it')
    .option('--workflow <name>', 'which workflow of the file')
    .option('--var <name=value>', 'a variable of the workflow (repeatable)', collect, [])
    .action(acting(plan))
  command('resume <run>', 'go on with a failed or orphaned run, in the foreground')
    .option('--from <step>', 'run this step and all that depend on it again')
    .option('--file', 'with the workflow as its file says now, not as the run stored it', false)
    .option('--new', 'as a new run that takes over what is completed', false)
    .option('--published', 'with the published runner that is installed in the workspace', false)
    .option('--plan', 'only show what would run', false)
    .option('--force', 'yes, the program that ran it is gone', false)
    .action(acting(resume))
  command('cancel <run>', 'cancel a run and end its processes')
    .option('--force', 'yes, the program that runs it is gone', false)
    .action(acting(cancel))
  command('rollback <run>', 'run the rollback commands of what a failed or cancelled run completed')
    .option('--force', 'yes, the program that ran it is gone', false)
    .action(acting(rollback))
  command('mark-failed <run>', 'mark a run whose program is gone as failed')
    .requiredOption('--reason <text>', 'why')
    .action(acting(markFailed))
  command('logs <run>', 'the full output of a step')
    .option('--step <name>', 'which step (else the newest that has a log)')
    .option('--attempt <n>', 'which attempt (else the newest)', toCount)
    .option('-f, --follow', 'go on until the run has ended', false)
    .option('--search <text>', 'only the lines that hold the text, and how often it occurs')
    .option('--regex', 'the text is a regular expression', false)
    .addOption(
      new Option('--stream <name>', 'search only this one').choices(['all', 'stdout', 'stderr']).default('all'),
    )
    .action(acting(logs))
  command('state <run>', 'what a step changed of the state of its run')
    .requiredOption('--step <name>', 'which step')
    .action(acting(state))
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
  command('trajectories', 'the records of how work went, newest first')
    .option('--search <text>', 'only those whose title, id, run, agent or tag holds this text')
    .option('--limit <n>', 'at most so many', toWhole)
    .option('--reconcile', 'first bring the shared index in step with the files', false)
    .action(acting(trajectories))
  command('trajectory <id>', 'one trajectory, by its id or by that of its run').action(acting(trajectory))
  command(
    'workspaces [act] [dir]',
    'list workspaces and where each comes from; save one, or remove a saved one',
  ).action(acting(workspaces))
  command('compact', 'write run stores anew, one line for each row; the old file is kept')
    .option('--ended-before <time>', 'also take out the runs that ended before a day (2026-11-01) or age (30d, 12h)')
    .option('--delete', 'do not keep what is taken out in an archive file', false)
    .action(acting(compact))
  command('doctor', 'everything unreadable, damaged, contradictory or unsaved')
    .option('--repair', 'do the safe repairs that are offered', false)
    .option('--bundle [file]', 'show what those need who look into a problem, ask, and save it as a file')
    .option('--yes', 'save the bundle without a question', false)
    .action(acting(doctor))
  const serving = (name: string, description: string): Command =>
    command(name, description)
      .option('--port <n>', 'the port (else a free one)', toPort, 0)
      .option('--idle-minutes <n>', 'end when nobody looked and nothing ran for so long (else never)', toIdleMinutes)
  serving('open <target>', 'the app in a browser, at a rundesk:// link or at the runs of a folder or file').action(
    (target: string, options: ServeOptions) => guarded(options, setCode, () => openTarget(target, options)),
  )
  serving('serve', 'the app in a browser').action((options: ServeOptions) =>
    guarded(options, setCode, () => serve(options)),
  )
  serving('demo', 'a workspace with live runs and a practice server, in a browser')
    .option('--dir <dir>', 'where to make it (else a temporary folder)')
    .option(
      '--dbos <url>',
      'also run DBOS workflows on this PostgreSQL database; the password may come from PGPASSWORD',
    )
    .action((options: DemoOptions) => guarded(options, setCode, () => demo(options)))
  return program
}

async function guarded(
  options: GlobalOptions,
  setCode: (code: number) => void,
  action: () => Promise<number>,
): Promise<void> {
  try {
    setCode(await action())
  } catch (error) {
    setCode(tell(error, createTerminal({ json: options.json })))
  }
}

async function withApp(global: GlobalOptions, action: (context: CommandContext) => Promise<number>): Promise<number> {
  const terminal = createTerminal({ json: global.json })
  const code = await withOpenApp(global, terminal, action).catch((error: unknown) => tell(error, terminal))
  return terminal.trouble() === null ? code : exitCodes.cannotTell
}

async function withOpenApp(
  global: GlobalOptions,
  terminal: Terminal,
  action: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const { createApp } = await import('../api/app') // Help, a version or a wrong word needs none of it.
  const app = await createApp({
    dataDir: global.dataDir,
    home: homedir(),
    workspaces: global.workspace,
    fallback: process.cwd(),
    host: 'cli',
    version: version(),
    chooseFolder: null,
    demo: null,
    readOnly: global.readOnly,
  })
  const client = createClient({
    request: (channel, input) => app.request(channel, input, 'cli'),
    subscribe: app.subscribe,
  })
  try {
    return await action({ client, app, terminal, global })
  } catch (error) {
    return tell(error, terminal)
  } finally {
    await app.close({ stopRuns: true })
  }
}

function tell(error: unknown, terminal: Terminal): number {
  const failure = toFailure(error)
  terminal.say(`rundesk: ${failure.message}`)
  if (failure.code === 'internal' && error instanceof Error && !(error instanceof RundeskError))
    terminal.say(error.stack ?? '')
  return exitCodeOf(failure.code)
}

/** The version of this build. */
export function version(): string {
  return typeof __RUNDESK_VERSION__ === 'string' ? __RUNDESK_VERSION__ : '0.0.0'
}
