import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hasLanes, openLane, type ShellLane } from './shellLane'
import { newShells, type ShellCall, type Shells, spawnTurn } from './shells'

/** More lanes than this are never open for one run. */
const maxLanes = 8

export interface LaneShells extends Shells {
  /** Gets a lane as far as it can be, so that `start` with the same call takes less. */
  readonly prepare: (call: ShellCall) => void
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
  let opened = 0
  let closed = false
  const open = async (): Promise<void> => {
    if (!hasLanes || closed || opened >= maxLanes || !isWorthIt()) return
    const folder = join(dir, `lane-${++opened}`)
    await mkdir(folder)
    await spawnTurn()
    if (!closed) lanes.push(openLane({ cwd, env: { ...env() }, folder }))
  }
  const prepare: LaneShells['prepare'] = (call) => {
    if (!lanes.some((lane) => lane.isPreparedFor(call))) lanes.some((lane) => lane.prepare(call))
  }
  return {
    prepare,
    start: async (call) => {
      prepare(call)
      const shell = await lanes.find((lane) => lane.isPreparedFor(call))?.start()
      if (shell) return shell
      const fresh = await newShells.start(call)
      void open().catch(() => undefined) // Without a lane each command gets a new shell.
      return fresh
    },
    close: async () => {
      closed = true
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}
