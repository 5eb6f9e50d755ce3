import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Problem } from '../../shared/runs'
import type { Onlooker } from '../files/onlooker'
import { createPacedLook } from '../files/pacedLook'
import { type Closing, createRunner, type Runner } from '../runner/runner'
import type { StepSlots } from '../runner/stepSlots'
import { createLooseRuns, type LooseRuns } from '../runs/looseRuns'
import { createRunStore, type RunStore } from '../runs/runStore'
import { createStoreFaults, type StoreFaults } from '../runs/storeFaults'
import { createWorkspaceTrajectories, type WorkspaceTrajectories } from '../trajectories/workspaceTrajectories'
import { createRunRecorder, type RunRecorder } from './runRecorder'
import type { WorkspaceFolder } from './workspaceFolder'

/** One watched workspace: its run store, the runs without rows, its trajectories, and the runner that acts in it. */
export interface Session {
  readonly folder: WorkspaceFolder
  readonly store: RunStore
  readonly loose: LooseRuns
  readonly runner: Runner
  readonly faults: StoreFaults
  /** What was found wrong around the store when it was last looked at. */
  readonly faultsFound: () => readonly Problem[]
  readonly trajectories: WorkspaceTrajectories
  /** Grows with every change of the trajectories; 0 before they were looked at. */
  readonly trajectoriesRevision: () => number
  /** Tells everybody that the trajectories changed, after an act on them. */
  readonly trajectoriesChanged: () => void
  readonly recorder: RunRecorder
  /** Resolves when everything was read once. */
  readonly ready: Promise<void>
  readonly hasStore: () => boolean
  /** Takes in what others wrote meanwhile; where the workspace is watched that is known already. */
  readonly catchUp: () => Promise<void>
  readonly close: (closing: Closing) => Promise<void>
}

/** How often the folders of trajectories and of runs without rows are looked at again, in ms; rarer where it takes long. */
const looseMs = { shown: 5_000, hidden: 20_000 } as const
const looksPerPause = 20

/** Opens a workspace and, with `watch`, follows it live. `onChange` is called after every change of what it would show. */
export function openSession({
  folder,
  by,
  watch,
  staleAfterMs,
  snapshotDir,
  fallback,
  cacheDir,
  nodePath,
  graceMs,
  syncs,
  slots,
  onlooker,
  onChange,
  onTrajectoriesChange,
}: {
  readonly folder: WorkspaceFolder
  readonly by: string
  readonly watch: boolean
  readonly staleAfterMs: () => number
  /** Where snapshots of large run stores are kept. */
  readonly snapshotDir: string
  /** Where refused rows are kept, and whether they are. */
  readonly fallback: { readonly home: string; readonly use: () => boolean }
  /** Where what was read of trajectories is kept. */
  readonly cacheDir: string
  /** The Node that runs the published runner; null looks for one on PATH. */
  readonly nodePath: () => string | null
  /** How long what is ended may take to end by itself. */
  readonly graceMs: () => number
  /** Are the lines of steps on the disk before a step goes on? */
  readonly syncs: () => boolean
  readonly slots: StepSlots
  readonly onlooker: Onlooker
  readonly onChange: () => void
  readonly onTrajectoriesChange: () => void
}): Session {
  const store = createRunStore({
    workspaceDir: folder.isFile ? dirname(folder.path) : folder.path,
    watch,
    staleAfterMs,
    snapshotDir,
    syncs,
    onlooker,
    ...(folder.isFile ? { onlyFile: folder.path } : { fallback }),
  })
  const faults = createStoreFaults(join(folder.path, '.agent-relay'))
  let faultsFound: readonly Problem[] = []
  const trajectories = createWorkspaceTrajectories({
    workspaceDir: folder.path,
    dataDir: process.env.TRAJECTORIES_DATA_DIR,
    cacheDir,
  })
  const loose = createLooseRuns(folder.path, () => (trajectories.isShared ? [] : trajectories.list()))
  const runner = createRunner({ journal: store, by, nodePath, graceMs, slots })
  let revision = 0
  const trajectoriesChanged = (): void => {
    revision++
    onTrajectoriesChange()
  }
  const recorder = createRunRecorder({
    store,
    executing: runner.recording,
    trajectories,
    onChange: trajectoriesChanged,
  })
  const isKnown = (id: string): boolean => store.get(id) !== undefined
  let present = false
  const stopListening = store.onChange(onChange)

  const lookAtTrajectories = async (): Promise<void> => {
    if ((await trajectories.refresh()) || revision === 0) trajectoriesChanged()
  }
  const lookAtLoose = async (): Promise<void> => {
    const was = present
    present = await access(join(folder.path, '.agent-relay')).then(
      () => true,
      () => false,
    )
    const found = await faults.find()
    const sameFaults = JSON.stringify(found) === JSON.stringify(faultsFound)
    faultsFound = found
    const changed = await loose.refresh(isKnown)
    if (changed || was !== present || !sameFaults) onChange()
  }
  const lookAround = async (): Promise<number> => {
    const startMs = performance.now()
    await lookAtTrajectories()
    await lookAtLoose()
    const pauseMs = onlooker.isThere() ? looseMs.shown : looseMs.hidden
    return Math.max(pauseMs, looksPerPause * (performance.now() - startMs))
  }
  const following = createPacedLook({ look: lookAround, restMs: 1_000, onlooker })
  const begin = async (): Promise<void> => {
    await Promise.all([store.load(), lookAtTrajectories()])
    await lookAtLoose()
    onChange()
    if (watch) following.start(looseMs.shown)
  }

  return {
    folder,
    store,
    catchUp: async () => {
      if (!watch) await store.refresh()
    },
    loose,
    runner,
    faults: {
      ...faults,
      repair: async (fault) => {
        await faults.repair(fault)
        faultsFound = await faults.find()
        onChange()
      },
    },
    faultsFound: () => faultsFound,
    trajectories,
    trajectoriesRevision: () => revision,
    trajectoriesChanged,
    recorder,
    ready: begin(),
    hasStore: () => present || store.runs().length > 0,
    close: async (options) => {
      following.close()
      await runner.close(options)
      await recorder.close()
      await trajectories.close()
      stopListening()
      await store.close()
    },
  }
}
