import { spawn } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
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
  /** Runs a command. Undefined when this lane cannot; nothing was started then. */
  readonly start: (call: ShellCall) => Promise<RunningShell | undefined>
  /** Ends the lane, not what it started. */
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
): string => `mkfifo -m 600 ${['in', 'out0', 'err0', 'out1', 'err1'].map((name) => quoted(join(folder, name))).join(' ')} || exit 1
pair=0
while :; do
  (exec 3>&1 </dev/null; exec ${setsid} /bin/sh -c ${quoted(waitingShell)} ${quoted(folder)} $pair)
  echo "exit $?"
  pair=$((1 - pair))
done`

/** A command of a lane, from its script to its end. */
interface Call {
  begun: boolean
  readonly begin: (begun: boolean) => void
  readonly end: (code: number | null) => void
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
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  lane.on('error', () => end())
  /** The shell that waits. */
  let waiting: number | null = null
  let call: Call | null = null
  let pair = 0
  let pipesAreFree = true

  createInterface({ input: lane.stdout })
    .on('line', (line) => {
      const [word, number = ''] = line.split(' ')
      if (word === 'ready' && closed) signal(Number(number), 'SIGKILL')
      else if (word === 'ready') waiting = Number(number)
      else if (word === 'begun' && call) {
        call.begun = true
        call.begin(true)
      } else if (word === 'exit') {
        waiting = null
        pair = 1 - pair
        finish(Number(number))
      }
    })
    .on('close', () => {
      waiting = null
      finish(null)
      end()
    })
  const finish = (code: number | null): void => {
    const was = call
    call = null
    if (was?.begun) was.end(code)
    else was?.begin(false)
  }

  const isIdle = (): boolean =>
    waiting !== null && call === null && pipesAreFree && lane.exitCode === null && lane.signalCode === null

  const start: ShellLane['start'] = async (asked) => {
    const script = asked.cwd === cwd ? scriptOf(asked, env) : null
    const pid = waiting
    if (script === null || pid === null || !isIdle()) return undefined
    const outputs = openPipes(
      [`out${pair}`, `err${pair}`].map((name) => join(folder, name)),
      constants.O_RDONLY,
    )
    const [input] = (outputs && openPipes([join(folder, 'in')], constants.O_RDWR)) ?? []
    if (!outputs || input === undefined) return undefined
    let settle: Call['end'] = () => undefined
    const exited = new Promise<number | null>((resolve) => {
      settle = resolve
    })
    const begun = await new Promise<boolean>((resolve) => {
      call = { begun: false, begin: resolve, end: settle }
      writeSync(input, script)
    })
    closeSync(input)
    if (!begun) {
      for (const output of outputs) closeSync(output)
      return undefined
    }
    // Whoever writes has opened them by now: before, there would be nothing but an end to read.
    const [stdout, stderr] = outputs.map((fd) => new Socket({ fd, readable: true, writable: false }))
    if (!stdout || !stderr) throw new Error('A lane has two outputs')
    pipesAreFree = false
    void Promise.all([stdout, stderr].map((pipe) => new Promise((resolve) => pipe.once('close', resolve)))).then(() => {
      pipesAreFree = true
    })
    return {
      ...{ pid, stdout, stderr },
      exited: exited.then((code) => ({ code, signal: code === null ? 'SIGKILL' : null })),
      unref: () => undefined,
    }
  }
  return {
    isIdle,
    start,
    close: async () => {
      closed = true
      lane.kill('SIGKILL')
      if (waiting !== null && call === null) signal(waiting, 'SIGKILL')
      await ended
    },
  }
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

/** What makes a shell with the environment `known` run a command; null when it cannot. */
function scriptOf({ command, env }: ShellCall, known: ShellCall['env']): string | null {
  const gone = Object.keys(known).filter((name) => !Object.hasOwn(env, name))
  const changed = Object.keys(env).filter((name) => env[name] !== known[name])
  if ([...gone, ...changed].some((name) => !/^[A-Za-z_]\w*$/.test(name) || kept.test(name))) return null
  const script = [
    ...gone.map((name) => `unset ${name}`),
    ...changed.map((name) => `export ${name}=${quoted(env[name] ?? '')}`),
    `echo begun >&3; exec 3>&-; exec /bin/sh -c ${quoted(command)}`,
    '',
  ].join('\n')
  return Buffer.byteLength(script) > maxScriptBytes || script.includes('\0') ? null : script
}

function quoted(text: string): string {
  return `'${singleQuotable(text)}'`
}
