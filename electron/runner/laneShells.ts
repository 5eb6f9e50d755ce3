import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hasLanes, openLane, type ShellLane } from './shellLane'
import { newShells, type ShellCall, type Shells, spawnTurn } from './shells'

/** More lanes than this are never open for one run. */
const maxLanes = 8

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
}): Shells & { readonly close: () => Promise<void> } {
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
  return {
    start: async (call) => {
      const shell = await lanes.find((lane) => lane.isIdle())?.start(call)
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
