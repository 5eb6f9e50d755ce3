import { join } from 'node:path'
import { type Channel, contract, type EventName, type Handlers } from '../../shared/contract'
import type { ExecutedRun, LastEnd } from '../../shared/lastEnd'
import type { Outcome } from '../../shared/outcome'
import type { Problem } from '../../shared/runs'
import { type DocumentTrouble, noDesktop, type Settings } from '../../shared/settings'
import type { OpenLog } from '../diagnostics/log'
import { alwaysThere } from '../files/onlooker'
import type { Closing } from '../runner/runner'
import { createStepSlots, defaultParallelSteps, unlimitedSlots } from '../runner/stepSlots'
import { onlyFileWords } from '../runs/runStore'
import type { Updates } from '../updates/updates'
import { createWritebackDesk } from '../writebacks/writebackDesk'
import { openAppLog } from './appLog'
import type { AppOptions } from './appOptions'
import { openAppSources } from './appSources'
import { openAttention } from './attention'
import { demoCommand } from './demoCommand'
import { createDemoHandlers } from './demoControl'
import { createDiagnosticHandlers } from './diagnosticHandlers'
import { type Caller, createDispatch } from './dispatch'
import { createEventHub } from './eventHub'
import { executedRuns, unsavedRows } from './executedRuns'
import { createLastEnds } from './lastEnds'
import { launchedBy } from './launchedBy'
import { narrowDataFolder } from './narrowDataFolder'
import { createNoticeHandlers } from './noticeHandlers'
import { createOperationHandlers } from './operationHandlers'
import { operator } from './operator'
import { createOverviewHandlers } from './overviewHandlers'
import { createPlaceHandlers } from './placeHandlers'
import { readOnlyReason } from './readOnlyReason'
import { createRunHandlers } from './runHandlers'
import { createRunListHandlers } from './runListHandlers'
import { scriptPath } from './scriptPath'
import { openSession } from './session'
import { createSettingHandlers } from './settingHandlers'
import { openSettings } from './settings'
import { createStepHandlers } from './stepHandlers'
import { createTimelineHandlers } from './timelineHandlers'
import { createTrajectoryHandlers } from './trajectoryHandlers'
import { createUpdateHandlers, openAppUpdates } from './updateHandlers'
import { createViewHandlers } from './viewHandlers'
import { createWorkflowHandlers } from './workflowHandlers'
import { createWorkspaceHandlers, problemsOf } from './workspaceHandlers'
import { openWorkspaces, type Workspaces } from './workspaces'
import { createWritebackHandlers } from './writebackHandlers'

/** The application without a face: the same behind the window, the browser host and the command line. */
export interface App {
  /** Checks the input against the contract's schema and answers with an outcome; never throws. */
  readonly request: (channel: string, input: unknown, caller: Caller) => Promise<Outcome<unknown>>
  readonly subscribe: (listener: (event: EventName, payload: unknown) => void) => () => void
  /** The workspaces in the list. */
  readonly workspaceIds: () => readonly string[]
  /** How many runs this process executes. */
  readonly activeRuns: () => number
  /** The runs that this process executes. */
  readonly executing: () => readonly ExecutedRun[]
  /** How many rows no disk has taken. */
  readonly unsavedRows: () => number
  /** What dead processes left that had the data folder, as long as no window was told of it. */
  readonly lastEnds: () => Promise<readonly LastEnd[]>
  /** The settings as they are now: a copy. */
  readonly settings: () => Settings
  readonly log: OpenLog
  readonly updates: Pick<Updates, 'atEnd'>
  /** Stops watching, writes what is not saved, and cancels or, without `stopRuns`, waits for the runs it executes. */
  readonly close: (closing: Closing) => Promise<void>
}

/** Opens everything. Throws `invalid_workspace` for a named folder that cannot be opened, `unreadable` for damaged settings. */
export async function createApp(options: AppOptions): Promise<App> {
  const { dataDir, home, host, version, demo } = options
  const { onlooker = alwaysThere } = options
  await narrowDataFolder(dataDir)
  const by = operator()
  const hub = createEventHub()
  const settings = await openSettings({
    dataDir,
    strict: host === 'cli',
    onChange: () => hub.emit('settings:changed', {}),
  })
  const readOnly = (): string | null => readOnlyReason(options, settings.get())
  const staleAfterMs = (): number => settings.get().staleAfterHours * 3_600_000
  const appLog = openAppLog({
    dataDir,
    host,
    version,
    level: () => settings.get().logLevel,
    workspaces: () => workspaces,
    problems: () => workspaces.entries().flatMap((entry) => problemsOf(entry, desk)),
  })
  const onBug = (error: unknown): void => {
    appLog.log.bug('app', error)
    options.onBug?.(error)
  }
  const folders = new Map<string, string>()
  const attention =
    host === 'cli'
      ? null
      : await openAttention({
          dataDir,
          settings: settings.get,
          staleAfterMs,
          folderOf: (workspaceId) => folders.get(workspaceId) ?? null,
          emit: hub.emit,
          onBug,
        })
  let revision = 0
  const workspacesChanged = (): void => {
    hub.emit('workspaces:changed', { revision: ++revision })
    appLog.lookForProblems()
  }
  const desk = createWritebackDesk({
    dataDir,
    home,
    operator: by,
    readOnly: () => readOnly() !== null,
    trashDays: host === 'cli' ? null : () => settings.get().trashDays,
    watched: host !== 'cli',
    onlooker,
    onChanged: (workspaceId) => {
      hub.emit('writebacks:changed', { workspaceId, revision: ++revision })
      workspacesChanged()
    },
    onOperationChanged: (operationId) => hub.emit('operations:changed', { operationId }),
    onTrouble: attention?.tellTrouble,
  })
  // A step that starts a run of its own has a place already: were the inner one to wait for more, both could for ever.
  const slots =
    process.env.RUNDESK_ATTEMPT === undefined
      ? createStepSlots({
          dir: join(dataDir, 'slots'),
          limit: () => settings.get().maxParallelSteps ?? defaultParallelSteps,
        })
      : unlimitedSlots
  const workspaces = await openWorkspaces({
    dataDir,
    named: options.workspaces,
    discover: async () => (await desk.registryMounts()).mounts.map(({ localDir }) => localDir),
    fallback: options.fallback ?? null,
    open: (folder) => {
      const session = openSession({
        folder,
        by,
        watch: host !== 'cli',
        staleAfterMs,
        snapshotDir: join(dataDir, 'snapshots'),
        fallback: { home, use: () => settings.get().homeFallback },
        cacheDir: join(dataDir, 'cache'),
        nodePath: () => settings.get().nodePath,
        graceMs: () => settings.get().graceSeconds * 1_000,
        syncs: () => settings.get().durability === 'disk',
        slots,
        onlooker,
        onChange: () => {
          hub.emit('runs:changed', { workspaceId: folder.id, revision: session.store.revision() })
          workspacesChanged()
        },
        onTrajectoriesChange: () => {
          hub.emit('trajectories:changed', { workspaceId: folder.id, revision: session.trajectoriesRevision() })
          workspacesChanged()
        },
      })
      folders.set(folder.id, folder.path)
      const unfollow = attention?.follow(session)
      return {
        ...session,
        close: (how) => {
          unfollow?.()
          // A person who ends them with the app needs not hear of it.
          if (how.stopRuns) void attention?.notices.unwatch(folder.id, session.runner.executing())
          return session.close(how)
        },
      }
    },
    onChange: workspacesChanged,
  })
  const nameFolders = (): Promise<void> =>
    desk.setFolders(
      workspaces
        .entries()
        .filter(({ folder }) => !folder.isFile)
        .map(({ folder }) => ({ workspaceId: folder.id, path: folder.path })),
    )
  const deskReady = nameFolders()
  if (host === 'cli') await deskReady
  const commandOfDemo = demoCommand(options.program ?? null)
  const stopDemo = demo?.onChange(() => hub.emit('demo:changed', {}))

  const runHandlers = createRunHandlers({ workspaces, by, staleAfterMs })
  const runLists = createRunListHandlers({
    workspaces,
    staleAfterMs,
    cancel: runHandlers['runs:cancel'],
    onBulkChange: (setId) => hub.emit('runs:bulkChanged', { setId }),
  })
  const stepHandlers = createStepHandlers({ workspaces, searchPath: scriptPath('logSearch') })
  const runs = { ...runHandlers, ...runLists.handlers, ...stepHandlers }
  const sources = await openAppSources({ options, by, workspaces, runs, emit: hub.emit })
  const activeRuns = (): number =>
    workspaces.sessions().reduce((sum, session) => sum + session.runner.executing().length, 0)
  const workspaceHandlers = createWorkspaceHandlers({
    workspaces,
    desk,
    staleAfterMs,
    chooseFolder: options.chooseFolder,
    onListChanged: nameFolders,
    ownProblems: () =>
      [settings.trouble(), attention?.notices.documentTrouble() ?? null, appLog.log.trouble()].flatMap(toProblem),
  })
  const updates = openAppUpdates({
    version,
    source: options.updates ?? { unavailable: 'Only the desktop app looks for newer versions of itself.' },
    choice: () => settings.get().updates,
    workspaces: workspaceHandlers['workspaces:list'],
    activeRuns,
    tell: (happening) => attention?.tellOnce(happening),
    onChange: () => hub.emit('updates:changed', {}),
    end: options.onEnd ?? (() => undefined),
    log: appLog.log,
  })
  const lastEnds = createLastEnds({ workspaces, lastEnds: options.lastEnds ?? [] })
  const settingHandlers = createSettingHandlers(settings, options.chooseProgram ?? null)
  const updateHandlers = createUpdateHandlers(updates)
  const handlers: Handlers = {
    ...runs,
    ...sources.handlers,
    ...createViewHandlers({ dataDir, onChange: () => hub.emit('views:changed', {}) }),
    ...createTimelineHandlers({ workspaces, staleAfterMs }),
    ...lastEnds.handlers,
    ...createWritebackHandlers(desk),
    ...createOperationHandlers(desk),
    ...createTrajectoryHandlers(workspaces),
    ...createPlaceHandlers({
      workspaces,
      chooseFile: options.chooseFile ?? null,
      takeNotices: options.takeNotices ?? (() => []),
      onListChanged: nameFolders,
    }),
    ...createOverviewHandlers({ workspaces, desk, staleAfterMs }),
    ...workspaceHandlers,
    ...updateHandlers,
    ...createDiagnosticHandlers({
      version,
      host,
      appLog,
      ask: { ...settingHandlers, ...workspaceHandlers, ...updateHandlers },
    }),
    ...createWorkflowHandlers({ workspaces, startRun: runHandlers['runs:start'] }),
    ...createNoticeHandlers(attention, () => workspaces),
    ...createDemoHandlers({ demo, command: commandOfDemo, workspaces, startRun: runHandlers['runs:start'] }),
    ...settingHandlers,
    'app:info': async () => ({
      version,
      platform: process.platform,
      host,
      runnerUnavailable:
        process.platform === 'win32'
          ? 'Start and resume do not work on Windows: steps are shell commands for sh.'
          : null,
      canChooseFolder: options.chooseFolder !== null,
      demo: demo !== null,
      demoCommand: commandOfDemo,
      readOnly: readOnly(),
      desktop: options.desktop?.() ?? noDesktop,
    }),
  }

  const dispatch = createDispatch(handlers, {
    onBug,
    readOnly: (input) => readOnly() ?? fileOnly(workspaces, input),
  })
  let actedOnWritebacks = false

  return {
    request: async (channel, input, caller) => {
      const outcome = await appLog.note(channel, input, () => dispatch(channel, input, caller))
      if (outcome.ok && isWritebackAct(channel)) actedOnWritebacks = true
      const launched = outcome.ok && caller === 'window' ? launchedBy(channel, outcome.value) : null
      if (launched && settings.get().watchOwnRuns) await attention?.watch(launched, false)
      return outcome
    },
    subscribe: hub.subscribe,
    settings: settings.get,
    log: appLog.log,
    updates,
    workspaceIds: () => workspaces.entries().map(({ folder }) => folder.id),
    activeRuns,
    executing: () => executedRuns(workspaces.sessions()),
    unsavedRows: () => unsavedRows(workspaces.sessions()),
    lastEnds: lastEnds.list,
    close: async (how) => {
      stopDemo?.()
      updates.close()
      await runLists.close()
      await sources.close()
      await workspaces.close(how)
      await slots.close()
      // After the act, which may have been to bring something back; a window looks every hour.
      if (host === 'cli' && actedOnWritebacks) await desk.emptyTrash(settings.get().trashDays)
      await desk.close()
      await attention?.close()
      settings.close()
      hub.close()
      await appLog.close()
    },
  }
}

/** Why nothing is done in the workspace that an act names; null where it is. */
function fileOnly(workspaces: Workspaces, input: unknown): string | null {
  const { workspaceId, sourceId } = (typeof input === 'object' && input !== null ? input : {}) as {
    readonly workspaceId?: unknown
    readonly sourceId?: unknown
  }
  const id = workspaceId ?? sourceId
  const folder = workspaces.entries().find((entry) => entry.folder.id === id)?.folder
  return folder?.isFile ? onlyFileWords(folder.path) : null
}

function isWritebackAct(channel: string): boolean {
  if (!channel.startsWith('writebacks:') && !channel.startsWith('operations:')) return false
  return Object.hasOwn(contract, channel) && 'acts' in contract[channel as Channel]
}

function toProblem(trouble: DocumentTrouble | null): Problem[] {
  return trouble ? [{ code: `${trouble.kind}_document`, path: trouble.path, line: null, message: trouble.message }] : []
}
