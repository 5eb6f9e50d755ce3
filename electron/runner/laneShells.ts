import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hasLanes, openLane, type ShellLane } from './shellLane'
import { newShells, type ShellCall, type Shells, spawnTurn } from './shells'

/** More lanes than this are never open for one run. */
const maxLanes = 8
/** So many take turns where each command follows another: one runs, one is ready, one gets there. */
const lanesAhead = 3
/** A lane that is about to be idle is waited for so long, in ms. To fork takes some as well. */
const comingMs = 100

export interface LaneShells extends Shells {
  /** Gets a lane as far as it can be, so that `start` with the same call takes less. */
  readonly prepare: (call: ShellCall) => void
  /** The same for one call that may never come, as soon as a lane is idle. */
  readonly foresee: (call: ShellCall) => void
  /** It does not come. */
  readonly forget: () => void
  readonly close: () => Promise<void>
}

/**
 * Starts commands through lanes where it can. Node forks to start a process, which takes longer the more memory it has and
 * holds the thread meanwhile. A lane is opened beside a new shell while `isWorthIt`, for later commands in the folder
 * `cwd`; it has the environment `env`, and its pipes in `dir`.
 */
export function createLaneShells({
  cwd,
  env,
  dir,
  isWorthIt,
}: {
  readonly cwd: string
  readonly env: () => ShellCall['env']
  readonly dir: string
  readonly isWorthIt: () => boolean
}): LaneShells {
  const lanes: ShellLane[] = []
  let foreseen: ShellCall | undefined
  let opened = 0
  let closed = false
  /** Calls that wait for a lane which is about to be idle. */
  const waiters: (() => void)[] = []
  const onIdle = (): void => {
    const next = waiters.shift()
    if (next) next()
    else if (foreseen) prepare(foreseen)
  }
  const open = async (): Promise<void> => {
    if (!hasLanes || closed || opened >= maxLanes || !isWorthIt()) return
    const folder = join(dir, `lane-${++opened}`)
    await mkdir(folder)
    await spawnTurn()
    const onEnd = (): void => waiters.shift()?.()
    if (!closed) lanes.push(openLane({ cwd, env: { ...env() }, folder, onIdle, onEnd }))
  }
  /** Without a lane each command gets a new shell. */
  const openAnother = (): void => void open().catch(() => undefined)

  const prepare: LaneShells['prepare'] = (call) => {
    if (!lanes.some((lane) => lane.isPreparedFor(call))) lanes.some((lane) => lane.prepare(call))
  }
  const findPrepared = async (call: ShellCall): Promise<ShellLane | undefined> => {
    const find = (): ShellLane | undefined => {
      prepare(call)
      return lanes.find((lane) => lane.isPreparedFor(call))
    }
    const lane = find()
    if (lane || lanes.filter((lane) => lane.isComing()).length <= waiters.length) return lane
    await nextIdle()
    return find()
  }
  const nextIdle = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiters.splice(waiters.indexOf(done), 1)
        resolve()
      }, comingMs)
      waiters.push(done)
    })
  return {
    prepare,
    foresee: (call) => {
      foreseen = call
      prepare(call)
      if (opened < lanesAhead && !lanes.some((lane) => lane.isPreparedFor(call))) openAnother()
    },
    forget: () => {
      const was = foreseen
      foreseen = undefined
      if (was) lanes.find((lane) => lane.isPreparedFor(was))?.drop()
    },
    start: async (call) => {
      const shell = await (await findPrepared(call))?.start()
      if (shell) return shell
      const fresh = await newShells.start(call)
      openAnother()
      return fresh
    },
    close: async () => {
      closed = true
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}
