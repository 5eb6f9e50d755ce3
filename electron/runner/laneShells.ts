import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hasLanes, openLane, type ShellLane } from './shellLane'
import { newShells, type ShellCall, type Shells, spawnTurn, type Variables } from './shells'

/** More lanes than this are never open for one run. */
const maxLanes = 8
/** So many lanes take turns where each command follows another. */
const turns = 2
/** With one that runs, each of those lanes has a command and one behind it. */
export const foreseenCalls = 2 * turns - 1

export interface LaneShells extends Shells {
  /** Opens the first lanes, if they are worth it, for commands that are still to come. */
  readonly openFirst: () => void
  /** Gets a lane as far as it can be, so that `start` with the same call takes less. */
  readonly prepare: (call: ShellCall) => void
  /**
   * The same, as lanes get idle, for calls that will probably come, the first ones first. What was foreseen before and is
   * not among them does not come any more.
   */
  readonly foresee: (calls: readonly ShellCall[]) => void
  readonly close: () => Promise<void>
}

/**
 * Starts commands through lanes where it can. Node forks to start a process, which takes longer the more memory it has and
 * holds the thread meanwhile. Another lane is opened beside a new shell while `isWorthIt`, for later commands in the folder
 * `cwd`; it has the environment `env` above `base`, and its pipes in `dir`.
 */
export function createLaneShells({
  cwd,
  base = {},
  env,
  dir,
  isWorthIt,
}: {
  readonly cwd: string
  readonly base?: Variables
  readonly env: Variables
  readonly dir: string
  readonly isWorthIt: () => boolean
}): LaneShells {
  const lanes: ShellLane[] = []
  /** What is to be started next. */
  let next: ShellCall | undefined
  /** Foreseen, and not tried in a lane so far. */
  let coming: readonly ShellCall[] = []
  let opened = 0
  /** How many of them have been idle: while one is still to be, no other is opened beside a new shell. */
  let ready = 0
  let closed = false
  const open = async (): Promise<void> => {
    if (!hasLanes || closed || opened >= maxLanes || !isWorthIt()) return
    const folder = join(dir, `lane-${++opened}`)
    await mkdir(folder)
    await spawnTurn()
    if (closed) return
    let isNew = true
    const onIdle = (): void => {
      if (isNew) ready++
      isNew = false
      prepareSoon()
    }
    lanes.push(openLane({ cwd, base, env, folder, onIdle }))
  }
  /** Without a lane each command gets a new shell. */
  const openAnother = (): void => void open().catch(() => undefined)
  const preparedFor = (call: ShellCall): { readonly lane: ShellLane; readonly prepared: ShellCall } | undefined => {
    for (const lane of lanes) {
      const prepared = lane.prepared().find((one) => isSame(one, call))
      if (prepared) return { lane, prepared }
    }
    return undefined
  }
  /** Behind what runs now: who hears that a lane is idle has the end of its command to tell. */
  const prepareSoon = (): void => void setImmediate(prepareComing)
  const prepareComing = (): void => {
    for (let [call] = coming; call && (take(call) || takeBehind(call)); [call] = coming) coming = coming.slice(1)
  }
  /** Has a lane get ready for the call, if one can. */
  const take = (call: ShellCall): boolean => isAsked(lanes.find((lane) => lane.prepare(call)))
  /** The same behind a command, but for the one before it: its end would have to be waited for. */
  const takeBehind = (call: ShellCall): boolean =>
    isAsked(lanes.slice(0, -1).find((lane) => lane.prepare(call, { behind: true })))
  /** Lanes stand in the order in which they were asked last. */
  const isAsked = (lane: ShellLane | undefined): boolean => {
    if (!lane) return false
    lanes.push(...lanes.splice(lanes.indexOf(lane), 1))
    return true
  }
  const prepare: LaneShells['prepare'] = (call) => {
    next = call
    if (!preparedFor(call)) take(call)
  }
  return {
    openFirst: () => {
      for (let lane = 0; lane < turns; lane++) openAnother()
    },
    prepare,
    foresee: (calls) => {
      const wanted = next ? [next, ...calls] : calls
      for (const lane of lanes) {
        for (const prepared of lane.prepared()) if (!wanted.some((call) => isSame(prepared, call))) lane.drop(prepared)
      }
      coming = calls.filter((call) => !preparedFor(call))
      prepareComing()
      if (coming.length > 0 && opened < turns) openAnother()
    },
    start: async (call) => {
      prepare(call)
      next = undefined
      const found = preparedFor(call)
      const shell = await found?.lane.start(found.prepared)
      if (shell) return shell
      const fresh = await newShells.start(call)
      if (opened === ready) openAnother()
      return fresh
    },
    close: async () => {
      closed = true
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}

function isSame(one: ShellCall, other: ShellCall): boolean {
  if (one === other) return true
  const names = Object.keys(one.env)
  return (
    one.command === other.command &&
    one.cwd === other.cwd &&
    one.base === other.base &&
    one.limitKib === other.limitKib &&
    names.length === Object.keys(other.env).length &&
    names.every((name) => one.env[name] === other.env[name])
  )
}
