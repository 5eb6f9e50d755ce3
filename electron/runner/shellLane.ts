import { spawn } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLaneOutputs } from './laneOutputs'
import { signal } from './processGroups'
import { singleQuotable } from './quoteContext'
import type { RunningShell, ShellCall } from './shells'

/**
 * A small shell that keeps a copy of itself waiting for the next command, which becomes a shell in a session of its own: to
 * start it then takes no fork of this process, and little else.
 */
export interface ShellLane {
  /** Does it wait for a command, and has nobody kept the pipes of the one before? */
  readonly isIdle: () => boolean
  /** Gets a shell as far as it can be before the command runs. False when this lane cannot; nothing was done then. */
  readonly prepare: (call: ShellCall) => boolean
  /** What it was prepared for, while nobody has started that. */
  readonly prepared: () => ShellCall | undefined
  /** Runs the command that it was prepared for. Undefined when it cannot any more; nothing of it has run then. */
  readonly start: () => Promise<RunningShell | undefined>
  /** Ends what it was prepared for, and nothing that was started. */
  readonly drop: () => void
  /** Ends the lane and what waits in it, not what it started. */
  readonly close: () => Promise<void>
}

/** A shell that can give what it starts a process group of its own. Lanes work where there is one. */
const bash = ['/usr/bin/bash', '/bin/bash'].find((path) => process.platform === 'linux' && existsSync(path))
export const hasLanes = bash !== undefined

/** Longer scripts could be more than the system takes as one word of a command line. */
const maxScriptBytes = 60_000
/** Names that some shell keeps for itself. */
const kept = /^(?:_|[BE]?UID|PPID|PWD|OLDPWD|SHLVL|SHELLOPTS|BASH.*|OPTIND|LINENO|RANDOM|SECONDS|IFS|ENV)$/

/*
 * The copy waits until somebody opens the pipe `in`, and then does what stands in `script`: a plain file, because bash reads
 * a pipe to its end first. With job control the copy leads a process group of its own; the end is waited for without it,
 * because a step that is stopped has not ended. Bash counts in SHLVL how many shells a command is in: a step is in none but
 * its own.
 */
const laneScript = (
  folder: string,
): string => `mkfifo -m 600 ${['in', 'gate', 'out0', 'err0', 'out1', 'err1'].map((name) => quoted(join(folder, name))).join(' ')} || exit 1
unset SHLVL
echo ready
while :; do
  set -m
  (exec 3>&1 </dev/null; : <${quoted(join(folder, 'in'))}; . ${quoted(join(folder, 'script'))}) &
  set +m
  wait $!
  echo "exit $?"
done`

/** A command of a lane, from its script to its end. */
interface Call {
  readonly asked: ShellCall
  readonly outputs: readonly number[]
  /** The id of the shell that came of the script; undefined when none ever will. */
  readonly begun: Promise<number | undefined>
  readonly begin: (pid: number | undefined) => void
  readonly exited: Promise<number | null>
  readonly end: (code: number | null) => void
  /** Somebody wants it to run. */
  taken: boolean
  /** What lets it run; undefined before. */
  gate?: number
}

/**
 * Opens a lane for commands in the folder `cwd`, with the environment `env`. Its pipes lie in `folder`, a new folder of its
 * own. `onIdle` is called when it gets idle. Throws the system's error.
 */
export function openLane({
  cwd,
  env,
  folder,
  onIdle = () => undefined,
}: {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
  readonly onIdle?: () => void
}): ShellLane {
  const lane = spawn(bash ?? '', ['-p', '-c', laneScript(folder)], {
    ...{ cwd, env, detached: true },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [script, input, gate] = [join(folder, 'script'), join(folder, 'in'), join(folder, 'gate')]
  const pairs = [0, 1].map((pair) => [join(folder, `out${pair}`), join(folder, `err${pair}`)])
  let closed = false
  /** Resolves when neither the lane nor what waits in it is left to say anything. */
  const { promise: ended, resolve: end } = promised<undefined>()
  lane.on('error', () => end(undefined))
  let isReady = false
  let call: Call | null = null
  let pair = 0
  let pipesAreFree = true

  const hear = (line: string): void => {
    const [word, number = ''] = line.split(' ')
    if (word === 'begun') call?.begin(Number(number))
    else if (word === 'ready') isReady = true
    else if (word === 'exit') {
      pair = 1 - pair
      finish(Number(number))
    }
    if (isIdle()) onIdle()
  }
  let rest = ''
  lane.stdout.setEncoding('latin1')
  lane.stdout.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(line)
  })
  lane.stdout.on('close', () => {
    isReady = false
    finish(null)
  })
  lane.on('close', () => end(undefined)) // Its process has ended, and nobody holds its output.
  const finish = (code: number | null): void => {
    const was = call
    call = null
    if (!was) return
    was.begin(undefined)
    was.end(code)
    for (const file of was.gate === undefined ? was.outputs : [was.gate]) closeSync(file)
  }

  const isAlive = (): boolean => !closed && lane.exitCode === null && lane.signalCode === null
  const isIdle = (): boolean => isReady && call === null && pipesAreFree && isAlive()

  const prepare: ShellLane['prepare'] = (asked) => {
    if (asked.cwd !== cwd || !isIdle()) return false
    const text = scriptOf(asked, { env, gate, outputs: pairs[pair] ?? [] })
    const opened = text === null ? undefined : putScript(text)
    if (!opened) return false
    const [entry, ...outputs] = opened
    const [begun, exited] = [promised<number | undefined>(), promised<number | null>()]
    void begun.promise.then(() => entry !== undefined && closeSync(entry))
    call = {
      ...{ asked, outputs, taken: false },
      ...{ begun: begun.promise, begin: begun.resolve, exited: exited.promise, end: exited.resolve },
    }
    return true
  }
  /** Lets the copy that waits in, to do this, and opens its outputs; undefined when the system does not let it. */
  const putScript = (text: string): readonly number[] | undefined => {
    const outputs = openPipes(pairs[pair] ?? [], constants.O_RDONLY)
    if (!outputs) return undefined
    try {
      return [letIn(text), ...outputs]
    } catch {
      for (const file of outputs) closeSync(file)
      return undefined
    }
  }

  /** The copy that waits does this, or the one that comes as long as what it gives is open. */
  const letIn = (text: string): number => {
    writeFileSync(script, text, { mode: 0o600 })
    return openSync(input, constants.O_RDWR | constants.O_NONBLOCK)
  }

  const start: ShellLane['start'] = async () => {
    const mine = call
    if (!mine || mine.taken) return undefined
    mine.taken = true
    const pid = await mine.begun
    if (pid === undefined || call !== mine) return undefined
    // Kept open to its end: the shell may come to it later.
    const [opened] = openPipes([gate], constants.O_RDWR) ?? []
    if (opened === undefined) {
      signal(pid, 'SIGKILL')
      return undefined
    }
    mine.gate = opened
    // Whoever writes has opened them by now: before, there would be nothing but an end to read.
    pipesAreFree = false
    const outputs = openLaneOutputs(mine.outputs, () => {
      pipesAreFree = true
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
  const drop = (): void => {
    const held = call
    if (!held || held.taken) return
    held.taken = true
    void held.begun.then((pid) => {
      if (pid !== undefined) signal(pid, 'SIGKILL')
    })
  }
  return {
    isIdle,
    prepare,
    prepared: () => (call && !call.taken ? call.asked : undefined),
    start,
    drop,
    close: async () => {
      drop()
      if (lane.pid !== undefined && isAlive()) signal(lane.pid, 'SIGKILL')
      closed = true
      // What waits for a command leads a group of its own, and ends by itself.
      await call?.exited
      const opened = existsSync(input) ? letIn('exit\n') : undefined
      await ended
      if (opened !== undefined) closeSync(opened)
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

/**
 * What makes a shell with the environment `env` wait at the `gate`, a named pipe, and then run a command; null when it
 * cannot.
 */
function scriptOf(
  asked: ShellCall,
  {
    env: known,
    gate,
    outputs: [out = '', err = ''],
  }: { readonly env: ShellCall['env']; readonly gate: string; readonly outputs: readonly string[] },
): string | null {
  const { env, command } = asked
  const gone = Object.keys(known).filter((name) => !Object.hasOwn(env, name))
  const changed = Object.keys(env).filter((name) => env[name] !== known[name])
  if ([...gone, ...changed].some((name) => !/^[A-Za-z_]\w*$/.test(name) || kept.test(name))) return null
  const script = [
    ...gone.map((name) => `unset ${name}`),
    ...changed.map((name) => `export ${name}=${quoted(env[name] ?? '')}`),
    `exec /bin/sh -c ${quoted(`echo "begun $$" >&3; exec 3>&-; : <${quoted(gate)}; ${command}`)} >${quoted(out)} 2>${quoted(err)}`,
    '',
  ].join('\n')
  return Buffer.byteLength(script) > maxScriptBytes || script.includes('\0') ? null : script
}

function quoted(text: string): string {
  return `'${singleQuotable(text)}'`
}
