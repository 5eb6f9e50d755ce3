import { spawn } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { signal } from './processGroups'
import { singleQuotable } from './quoteContext'
import type { RunningShell, ShellCall } from './shells'

/**
 * A small shell that keeps another one waiting, in a session of its own, for the next command: to start it then takes no
 * fork of this process, and little else.
 */
export interface ShellLane {
  /** Does a shell wait, and has nobody kept the pipes of the command before? */
  readonly isIdle: () => boolean
  /** Gets a shell as far as it can be before the command runs. False when this lane cannot; nothing was done then. */
  readonly prepare: (call: ShellCall) => boolean
  /** Is this what it was prepared for? */
  readonly isPreparedFor: (call: ShellCall) => boolean
  /** Runs the command that it was prepared for. Undefined when it cannot any more; nothing of it has run then. */
  readonly start: () => Promise<RunningShell | undefined>
  /** Ends the lane and the shell that waits, not what it started. */
  readonly close: () => Promise<void>
}

/** Puts a shell into a session of its own. Lanes work where there is one. */
const setsid = ['/usr/bin/setsid', '/bin/setsid'].find((path) => process.platform === 'linux' && existsSync(path))
export const hasLanes = setsid !== undefined

/** A named pipe takes this much at once. */
const maxScriptBytes = 60_000
/** Names that some shell keeps for itself. */
const kept = /^(?:_|[BE]?UID|PPID|PWD|OLDPWD|SHLVL|SHELLOPTS|BASH.*|OPTIND|LINENO|RANDOM|SECONDS|IFS|ENV)$/

/*
 * The shell that waits says so, waits until somebody reads its outputs, and runs what then stands in the pipe `in`. It is
 * started while its forerunner's outputs may still be read, so two pairs of them take turns.
 */
const waitingShell = 'echo "ready $$" >&3; exec >"$0/out$1" 2>"$0/err$1"; . "$0/in"'
const laneScript = (
  folder: string,
): string => `mkfifo -m 600 ${['in', 'gate', 'out0', 'err0', 'out1', 'err1'].map((name) => quoted(join(folder, name))).join(' ')} || exit 1
pair=0
while :; do
  (exec 3>&1 </dev/null; exec ${setsid} /bin/sh -c ${quoted(waitingShell)} ${quoted(folder)} $pair)
  echo "exit $?"
  pair=$((1 - pair))
done`

/** A command of a lane, from its script to its end. */
interface Call {
  readonly asked: ShellCall
  readonly pid: number
  readonly outputs: readonly number[]
  /** Has a shell of its own read the script? False when none ever will. */
  readonly begun: Promise<boolean>
  readonly begin: (begun: boolean) => void
  readonly exited: Promise<number | null>
  readonly end: (code: number | null) => void
  /** Somebody wants it to run. */
  taken: boolean
  /** What lets it run; undefined before. */
  gate?: number
}

/**
 * Opens a lane for commands in the folder `cwd`, with the environment `env`. Its pipes lie in `folder`, a new folder of its
 * own. Throws the system's error.
 */
export function openLane({
  cwd,
  env,
  folder,
}: {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
}): ShellLane {
  const lane = spawn('/bin/sh', ['-c', laneScript(folder)], {
    ...{ cwd, env, detached: true },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let closed = false
  /** Resolves when neither the lane nor a shell that waits is left to say anything. */
  const { promise: ended, resolve: end } = promised<undefined>()
  lane.on('error', () => end(undefined))
  /** The shell that waits. */
  let waiting: number | null = null
  let call: Call | null = null
  let pair = 0
  let pipesAreFree = true

  const hear = (line: string): void => {
    const [word, number = ''] = line.split(' ')
    if (word === 'ready' && closed) signal(Number(number), 'SIGKILL')
    else if (word === 'ready') waiting = Number(number)
    else if (word === 'begun') call?.begin(true)
    else if (word === 'exit') {
      waiting = null
      pair = 1 - pair
      finish(Number(number))
    }
  }
  let rest = ''
  lane.stdout.setEncoding('latin1')
  lane.stdout.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(line)
  })
  lane.stdout.on('close', () => {
    waiting = null
    finish(null)
  })
  lane.on('close', () => end(undefined)) // Its process has ended, and nobody holds its output.
  const finish = (code: number | null): void => {
    const was = call
    call = null
    if (!was) return
    was.begin(false)
    was.end(code)
    for (const file of was.gate === undefined ? was.outputs : [was.gate]) closeSync(file)
  }

  const isIdle = (): boolean =>
    waiting !== null && call === null && pipesAreFree && lane.exitCode === null && lane.signalCode === null

  const prepare: ShellLane['prepare'] = (asked) => {
    const script = asked.cwd === cwd ? scriptOf(asked, { env, gate: join(folder, 'gate') }) : null
    if (script === null || waiting === null || !isIdle()) return false
    const outputs = openPipes(
      [`out${pair}`, `err${pair}`].map((name) => join(folder, name)),
      constants.O_RDONLY,
    )
    const [input] = (outputs && openPipes([join(folder, 'in')], constants.O_RDWR)) ?? []
    if (!outputs || input === undefined) {
      for (const file of outputs ?? []) closeSync(file)
      return false
    }
    if (!isWritten(input, script)) {
      for (const file of [...outputs, input]) closeSync(file)
      signal(waiting, 'SIGKILL')
      waiting = null
      return false
    }
    const [begun, exited] = [promised<boolean>(), promised<number | null>()]
    void begun.promise.then(() => closeSync(input))
    call = {
      ...{ asked, outputs, pid: waiting, taken: false },
      ...{ begun: begun.promise, begin: begun.resolve, exited: exited.promise, end: exited.resolve },
    }
    return true
  }

  const start: ShellLane['start'] = async () => {
    const mine = call
    if (!mine || mine.taken) return undefined
    mine.taken = true
    if (!(await mine.begun) || call !== mine) return undefined
    // Kept open to its end: the shell may come to it later.
    const [gate] = openPipes([join(folder, 'gate')], constants.O_RDWR) ?? []
    if (gate === undefined) {
      signal(mine.pid, 'SIGKILL')
      return undefined
    }
    mine.gate = gate
    // Whoever writes has opened them by now: before, there would be nothing but an end to read.
    const [stdout, stderr] = mine.outputs.map((fd) => new Socket({ fd, readable: true, writable: false }))
    if (!stdout || !stderr) throw new Error('A lane has two outputs')
    pipesAreFree = false
    void Promise.all([stdout, stderr].map((pipe) => new Promise((resolve) => pipe.once('close', resolve)))).then(() => {
      pipesAreFree = true
    })
    return {
      ...{ pid: mine.pid, stdout, stderr },
      exited: mine.exited.then((code) => ({ code, signal: code === null ? 'SIGKILL' : null })),
      unref: () => undefined,
    }
  }
  return {
    isIdle,
    prepare,
    isPreparedFor: (asked) => call !== null && !call.taken && isSame(call.asked, asked),
    start,
    close: async () => {
      closed = true
      lane.kill('SIGKILL')
      if (waiting !== null && !call?.taken) signal(waiting, 'SIGKILL')
      await ended
    },
  }
}

/** A system short of room for pipes gives them less than they need. */
function isWritten(file: number, text: string): boolean {
  try {
    return writeSync(file, text) === Buffer.byteLength(text)
  } catch {
    return false
  }
}

function promised<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function isSame(one: ShellCall, other: ShellCall): boolean {
  const names = Object.keys(one.env)
  return (
    one.command === other.command &&
    one.cwd === other.cwd &&
    names.length === Object.keys(other.env).length &&
    names.every((name) => one.env[name] === other.env[name])
  )
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

/**
 * What makes a shell with the environment `env` wait at the `gate`, a named pipe, and then run a command; null when it
 * cannot.
 */
function scriptOf(
  asked: ShellCall,
  { env: known, gate }: { readonly env: ShellCall['env']; readonly gate: string },
): string | null {
  const { env, command } = asked
  const gone = Object.keys(known).filter((name) => !Object.hasOwn(env, name))
  const changed = Object.keys(env).filter((name) => env[name] !== known[name])
  if ([...gone, ...changed].some((name) => !/^[A-Za-z_]\w*$/.test(name) || kept.test(name))) return null
  const script = [
    ...gone.map((name) => `unset ${name}`),
    ...changed.map((name) => `export ${name}=${quoted(env[name] ?? '')}`),
    `echo begun >&3; exec 3>&-; exec /bin/sh -c ${quoted(`: <${quoted(gate)}; ${command}`)}`,
    '',
  ].join('\n')
  return Buffer.byteLength(script) > maxScriptBytes || script.includes('\0') ? null : script
}

function quoted(text: string): string {
  return `'${singleQuotable(text)}'`
}
