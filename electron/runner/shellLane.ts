import { spawn } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openLaneOutputs } from './laneOutputs'
import { laneScript, pieceBytes, pipeNames, quoted, scriptOf } from './laneScript'
import { signal } from './processGroups'
import type { RunningShell, ShellCall, Variables } from './shells'

/**
 * A small shell that keeps a copy of itself waiting for the next command, which becomes a shell in a process group of its own: to
 * start it then takes no fork of this process, and little else.
 */
export interface ShellLane {
  /** Does it wait for a command, and has nobody kept the pipes of those before? */
  readonly isIdle: () => boolean
  /**
   * Gets a shell as far as it can be before the command runs; with `behind` also behind the end of one other command. False
   * when this lane cannot; nothing was done then.
   */
  readonly prepare: (call: ShellCall, options?: { readonly behind?: boolean }) => boolean
  /** What it was prepared for, as far as nobody has started it. */
  readonly prepared: () => readonly ShellCall[]
  /**
   * Runs a command that it was prepared for. Undefined when it cannot, or when another one stands before it; nothing of it
   * runs then.
   */
  readonly start: (call: ShellCall) => Promise<RunningShell | undefined>
  /** Ends what it was prepared for, and nothing that was started. */
  readonly drop: (call: ShellCall) => void
  /** Ends the lane and what waits in it, not what it started. */
  readonly close: () => Promise<void>
}

/** A shell that can give what it starts a process group of its own. Lanes work where there is one. */
const bash = ['/usr/bin/bash', '/bin/bash'].find((path) => process.platform === 'linux' && existsSync(path))
export const hasLanes = bash !== undefined

/** A command of a lane, from its piece to its end. */
interface Call {
  readonly asked: ShellCall
  readonly number: number
  /** The name of the pipe that lets it run. */
  readonly gate: string
  readonly outputs: readonly number[]
  /** The id of its shell; undefined when there never will be one. */
  readonly begun: Promise<number | undefined>
  readonly begin: (pid: number | undefined) => void
  readonly exited: Promise<number | null>
  readonly end: (code: number | null) => void
  /** Its shell waits to be let go, or was. */
  isReady: boolean
  /** Somebody wants it to run. */
  taken: boolean
  /** That pipe, from when it may run. */
  opened?: number
}

/**
 * Opens a lane for commands in the folder `cwd`, with the environment `env` above `base`. Its pipes lie in `folder`, a new folder of its
 * own. `onIdle` is called when it gets idle. Throws the system's error.
 */
export function openLane({
  cwd,
  base = {},
  env,
  folder,
  onIdle = () => undefined,
}: {
  readonly cwd: string
  readonly base?: Variables
  readonly env: Variables
  readonly folder: string
  readonly onIdle?: () => void
}): ShellLane {
  const lane = spawn(bash ?? '', ['-p', '-c', laneScript(folder)], {
    ...{ cwd, env: { ...base, ...env, LC_ALL: 'C' }, detached: true },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const pipes = pipeNames.map((names) => names.map((name) => join(folder, name)))
  let closed = false
  let isOver = false
  /** Resolves when neither the lane nor what waits in it is left to say anything. */
  const { promise: ended, resolve: end } = promised<undefined>()
  lane.on('error', () => end(undefined))
  /** The pipe `in`, once it is there. */
  let input: number | undefined
  /** Pipes that are open to the end of the lane. */
  let held: number[] = []
  /** What runs, and what is got ready. */
  let calls: readonly Call[] = []
  let numbers = 0
  /** The turns whose outputs somebody may still print to or read. */
  const inUse = new Set<number>()
  /** By turn, outputs that are open for the next one. */
  const free = new Map<number, readonly number[]>()

  const hear = (line: string): void => {
    const [word, ...values] = line.split(' ')
    const [value = Number.NaN, number] = values.map(Number)
    if (word === 'begun') {
      const [call] = calls
      if (call && call.number === number) {
        call.isReady = true
        call.begin(value)
      } else {
        signal(value, 'SIGKILL')
        giveUp()
      }
    } else if (word === 'ready') openInput()
    else if (word === 'exit') finish(value)
    if (isIdle()) onIdle()
  }
  let rest = ''
  lane.stdout.setEncoding('latin1')
  lane.stdout.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(line)
  })
  lane.stdout.on('close', () => finishAll())
  lane.on('close', () => {
    isOver = true
    for (const file of [...held, ...[...free.values()].flat()]) closeSync(file)
    held = []
    free.clear()
    input = undefined
    end(undefined) // Its process has ended, and nobody holds its output.
  })
  const finish = (code: number | null): void => {
    const [was, ...others] = calls
    calls = others
    if (!was) return
    if (code !== null && code > 128 && !was.isReady) giveUp() // What it was to hear may still stand in the pipe.
    was.begin(undefined)
    was.end(code)
    if (was.opened !== undefined) closeSync(was.opened)
    else {
      for (const file of was.outputs) closeSync(file)
      inUse.delete(turnOf(was.number))
    }
  }
  const finishAll = (): void => {
    while (calls.length > 0) finish(null)
  }

  const openInput = (): void => {
    const [opened] = openPipes([join(folder, 'in')], constants.O_RDWR) ?? []
    if (opened !== undefined) held.push(opened)
    input = opened
  }
  /** No copy is to come any more, and what comes of one that waits ends, however far it is. */
  const giveUp = (): void => {
    kill() // First: it has no other copy of itself wait then.
    finishAll()
    if (isOver) return
    if (input === undefined) openInput()
    held.push(
      ...(openPipes(
        pipes.flatMap(([, ...outputs]) => outputs),
        constants.O_RDWR,
      ) ?? []),
    )
    say('exit')
  }
  const kill = (): void => {
    if (lane.pid !== undefined && isAlive()) signal(lane.pid, 'SIGKILL')
    closed = true
  }

  const isAlive = (): boolean => !closed && lane.exitCode === null && lane.signalCode === null
  const isIdle = (): boolean => input !== undefined && calls.length === 0 && inUse.size === 0 && isAlive()
  const hasOne = (): boolean => calls.length === 1 && isAlive()

  const prepare: ShellLane['prepare'] = (call, { behind = false } = {}) => {
    if (call.cwd !== cwd || !(isIdle() || (behind && hasOne()))) return false
    const number = numbers + 1
    const turn = turnOf(number)
    const [gate = '', ...outputNames] = pipes[turn] ?? []
    const text = inUse.has(turn) ? null : scriptOf(call, { base, env, number, gate, outputs: outputNames })
    const outputs = text === null ? undefined : (free.get(turn) ?? openPipes(outputNames, constants.O_RDONLY))
    if (text === null || !outputs) return false
    free.delete(turn)
    try {
      say(text)
    } catch {
      for (const file of outputs) closeSync(file)
      return false
    }
    numbers = number
    inUse.add(turn)
    const [begun, exited] = [promised<number | undefined>(), promised<number | null>()]
    const prepared: Call = {
      ...{ asked: call, number, gate, outputs, isReady: false, taken: false },
      ...{ begun: begun.promise, begin: begun.resolve, exited: exited.promise, end: exited.resolve },
    }
    calls = [...calls, prepared]
    return true
  }
  /** Tells the copy that waits, or the next one, what to do. Throws the system's error. */
  const say = (text: string): void => {
    if (input === undefined) return
    const piece = Buffer.alloc(pieceBytes, ' ') // Ends of lines would take bash three times as long.
    if (Buffer.byteLength(text) > pieceBytes) {
      const long = join(folder, 'long')
      writeFileSync(long, text, { mode: 0o600 })
      piece.write(`. ${quoted(long)}`)
    } else piece.write(text)
    writeSync(input, piece)
  }

  /** What nobody has started so far. */
  const waiting = (): readonly Call[] => calls.filter(({ taken }) => !taken)
  const start: ShellLane['start'] = async (call) => {
    const mine = waiting().find((one) => one.asked === call)
    if (!mine) return undefined
    if (mine !== calls[0]) return drop(call)
    mine.taken = true
    const pid = await mine.begun
    if (pid === undefined || !calls.includes(mine)) return undefined
    // Kept open to its end: the shell may come to it later.
    const [opened] = openPipes([mine.gate], constants.O_RDWR) ?? []
    if (opened === undefined) {
      signal(pid, 'SIGKILL')
      return undefined
    }
    mine.opened = opened
    // Whoever writes has opened them by now: before, there would be nothing but an end to read.
    const outputs = openLaneOutputs(mine.outputs, (stillOpen) => {
      const turn = turnOf(mine.number)
      inUse.delete(turn)
      if (isOver) for (const file of stillOpen) closeSync(file)
      else if (stillOpen.length > 0) free.set(turn, stillOpen)
      if (isIdle()) onIdle()
    })
    return {
      pid,
      get stdout() {
        return outputs.streams().stdout
      },
      get stderr() {
        return outputs.streams().stderr
      },
      takePrinted: outputs.take,
      exited: mine.exited.then((code) => ({ code, signal: code === null ? 'SIGKILL' : null })),
      unref: () => undefined,
    }
  }
  const drop = (call: ShellCall): undefined => {
    const mine = waiting().find((one) => one.asked === call)
    if (!mine) return
    mine.taken = true
    void mine.begun.then((pid) => {
      if (pid !== undefined) signal(pid, 'SIGKILL')
    })
  }
  return {
    isIdle,
    prepare,
    prepared: () => waiting().map(({ asked }) => asked),
    start,
    drop,
    close: async () => {
      for (const { asked } of waiting()) drop(asked)
      kill()
      await Promise.all(calls.map(({ exited }) => exited))
      giveUp()
      await ended
    },
  }
}

function promised<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Opens pipes; undefined when one cannot be, and none is open then. */
function openPipes(paths: readonly string[], mode: number): readonly number[] | undefined {
  const files: number[] = []
  try {
    for (const path of paths) files.push(openSync(path, mode | constants.O_NONBLOCK))
    return files
  } catch {
    for (const file of files) closeSync(file)
    return undefined
  }
}

/** Which of the two sets of pipes a call has. */
function turnOf(number: number): number {
  return number % 2
}
