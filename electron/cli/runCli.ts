import { homedir } from 'node:os'
import { Command, CommanderError, Option } from 'commander'
import { type Client, createClient } from '../../shared/client'
import { RundeskError, toFailure } from '../../shared/outcome'
import type { App } from '../api/app'
import { defaultDataDir } from '../api/defaultDataDir'
import type { Declaring } from './declaring'
import { exitCodeOf, exitCodes } from './exitCodes'
import { runs } from './listCommand'
import { listChoices, toDurationMs, toMoment } from './listOptions'
import { logs, state } from './logCommands'
import { toCount, toIdleMinutes, toPort, toWhole } from './numberOptions'
import { resume } from './resumeCommands'
import { rollback } from './rollbackCommand'
import { cancel, markFailed, show, start } from './runCommands'
import { type DemoOptions, demo, openTarget, type ServeOptions, serve } from './serveCommands'
import { withSourceFilters } from './sourceFilterOptions'
import { findSource, type SourceContext } from './sourceOptions'
import { declareSources, unknownToSource } from './sourceProgram'
import { resumeOfSource, sourceAct, sourceRuns, sourceShow } from './sourceRunCommands'
import { compact } from './storeCommands'
import { createTerminal, type Terminal } from './terminal'
import { trajectories, trajectory } from './trajectoryCommands'
import { plan } from './workflowCommands'
import { doctor, workspaces } from './workspaceCommands'
import { declareWritebacks } from './writebackProgram'

declare const __RUNDESK_VERSION__: string

/** The options that every command takes. */
export interface GlobalOptions {
  readonly workspace: readonly string[]
  readonly dataDir: string
  readonly json: boolean
  readonly readOnly: boolean
  readonly source?: string
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

  const plain = (name: string, description: string): Command => {
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
  const command: Declaring['command'] = (name, description) =>
    plain(name, description).option('--source <name>', 'only this one: a workspace, or a source (see: rundesk sources)')
  const acting: Declaring['acting'] =
    <A extends readonly unknown[]>(
      action: (context: CommandContext, ...args: A) => Promise<number>,
      remote?: (context: SourceContext, ...args: A) => Promise<number>,
    ) =>
    async (...args) => {
      const global = (args.at(-2) ?? {}) as GlobalOptions
      const given = args.slice(0, -1) as unknown as A
      if (global.source === undefined) return setCode(await withApp(global, (context) => action(context, ...given)))
      let local: string | undefined
      const code = await withApp(global, async (context) => {
        const source = await findSource(context, global.source ?? '')
        if (source.kind === 'relay') local = source.where
        else if (remote) return remote({ ...context, source }, ...given)
        else throw unknownToSource((args.at(-1) as Command).name(), global)
        return exitCodes.done
      })
      if (local === undefined) return setCode(code)
      setCode(await withApp({ ...global, workspace: [local] }, (context) => action(context, ...given)))
    }

  withSourceFilters(command('runs', 'list the runs, newest first'))
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
    .option('--unsaved', 'only runs of which the disk refused rows')
    .option('--cause <key>', 'only runs of this group of equal failures (see --failures)')
    .addOption(new Option('--sort <by>', 'in which order (else started)').choices(listChoices.sort))
    .option('--reverse', 'the other way round', false)
    .option('--limit <n>', 'at most so many', toWhole)
    .option('--failures', 'one line for each group of equal failures, with its key', false)
    .action(acting(runs, sourceRuns))
  command('show <run>', 'one run with its steps and attempts').action(acting(show, sourceShow))
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
    .action(acting(resume, resumeOfSource))
  command('cancel <run>', 'cancel a run and end its processes')
    .option('--force', 'yes, the program that runs it is gone', false)
    .action(acting(cancel, sourceAct('cancel')))
  command('rollback <run>', 'run the rollback commands of what a failed or cancelled run completed')
    .option('--force', 'yes, the program that ran it is gone', false)
    .action(acting(rollback))
  command('mark-failed <run>', 'mark a run whose program is gone as failed')
    .requiredOption('--reason <text>', 'why')
    .action(acting(markFailed, sourceAct('mark-failed')))
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
  declareWritebacks({ command, acting })
  declareSources({ command, acting })
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
    plain(name, description)
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
