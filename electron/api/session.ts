import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../../shared/runs'
import { createRunner, type Runner } from '../runner/runner'
import { createLooseRuns, type LooseRuns } from '../runs/looseRuns'
import { createRunStore, type RunStore } from '../runs/runStore'
import { createStoreFaults, type StoreFaults } from '../runs/storeFaults'
import type { WorkspaceFolder } from './workspaceFolder'

/** One watched workspace: its run store, the runs without rows, and the runner that acts in it. */
export interface Session {
  readonly folder: WorkspaceFolder
  readonly store: RunStore
  readonly loose: LooseRuns
  readonly runner: Runner
  readonly faults: StoreFaults
  /** What was found wrong around the store when it was last looked at. */
  readonly faultsFound: () => readonly Problem[]
  /** Resolves when everything was read once. */
  readonly ready: Promise<void>
  readonly hasStore: () => boolean
  readonly close: (options: { readonly stopRuns: boolean }) => Promise<void>
}

/** How often the folders of runs without rows are looked at again, in ms. */
const looseMs = 5_000

/** Opens a workspace and, with `watch`, follows it live. `onChange` is called after every change of what it would show. */
export function openSession({
  folder,
  by,
  watch,
  watchdogPath,
  staleAfterMs,
  snapshotDir,
  fallback,
  onChange,
}: {
  readonly folder: WorkspaceFolder
  readonly by: string
  readonly watch: boolean
  readonly watchdogPath: string
  readonly staleAfterMs: () => number
  /** Where snapshots of large run stores are kept. */
  readonly snapshotDir: string
  /** Where refused rows are kept, and whether they are. */
  readonly fallback: { readonly home: string; readonly use: () => boolean }
  readonly onChange: () => void
}): Session {
  const store = createRunStore({ workspaceDir: folder.path, watch, staleAfterMs, snapshotDir, fallback })
  const loose = createLooseRuns(folder.path)
  const faults = createStoreFaults(join(folder.path, '.agent-relay'))
  let faultsFound: readonly Problem[] = []
  const runner = createRunner({ journal: store, by, watchdogPath })
  const isKnown = (id: string): boolean => store.get(id) !== undefined
  let present = false
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const stopListening = store.onChange(onChange)

  const lookAround = async (): Promise<void> => {
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
    if (!watch || closed) return
    timer = setTimeout(() => void lookAround(), looseMs)
    timer.unref()
  }

  return {
    folder,
    store,
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
    ready: store.load().then(lookAround).then(onChange),
    hasStore: () => present || store.runs().length > 0,
    close: async (options) => {
      closed = true
      clearTimeout(timer)
      await runner.close(options)
      stopListening()
      await store.close()
    },
  }
}
