import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { closeSync, constants, existsSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { RunningShell, ShellCall } from './shells'

/**
 * A shell that waits for scripts and starts the commands of steps, one after another. It is small, so that it forks in a
 * fraction of the time that this process needs.
 */
export interface ShellLane {
  /** Has it ended whatever it started, and has nobody kept the pipes of that? */
  readonly isIdle: () => boolean
  /** Runs a command. Undefined when this lane cannot; nothing was started then. */
  readonly start: (call: ShellCall) => Promise<RunningShell | undefined>
  /** Ends the lane, not what it started. */
  readonly close: () => Promise<void>
}

/** Puts a command into a session of its own. Lanes work where there is one. */
const setsid = ['/usr/bin/setsid', '/bin/setsid'].find((path) => process.platform === 'linux' && existsSync(path))
export const hasLanes = setsid !== undefined

/** Shells other than dash read a script byte by byte. */
const maxScriptLength = 16_384
/** Names that some shell keeps for itself. */
const kept = /^(?:_|[BE]?UID|PPID|PWD|OLDPWD|SHLVL|SHELLOPTS|BASH.*|OPTIND|LINENO|RANDOM|SECONDS|IFS|ENV)$/

/** Opens a lane for commands in the folder `cwd`. Its two pipes lie in `folder`, a new folder of its own. Throws the system's error. */
export function openLane({
  cwd,
  env,
  folder,
}: {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
}): ShellLane {
  const pipes = [join(folder, 'out'), join(folder, 'err')] as const
  const child = spawn('/bin/sh', [], { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'ignore'] })
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined) // Whoever waits for an answer hears of the end.
  const answers = readAnswers(child)
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  let known = env
  let busy = true
  void answers.next().then((answer) => {
    busy = answer !== 'ready'
  })
  child.stdin.write(`mkfifo -m 600 ${pipes.map(quoted).join(' ')} && echo ready\n`)

  const start: ShellLane['start'] = async (call) => {
    const script = call.cwd === cwd ? scriptOf(call, known, pipes) : null
    if (script === null) return undefined
    busy = true
    const files = openPipes(pipes)
    if (!files) return undefined
    known = call.env
    child.stdin.write(script)
    const first = await answers.next()
    if (first === null) {
      for (const file of files) closeSync(file)
      return undefined
    }
    // Whoever writes has opened them by now: before, there would be nothing but an end to read.
    const [stdout, stderr] = files.map((fd) => new Socket({ fd, readable: true, writable: false }))
    if (!stdout || !stderr) throw new Error('A lane has two pipes')
    const closed = Promise.all([stdout, stderr].map((pipe) => new Promise((resolve) => pipe.once('close', resolve))))
    const last = first.startsWith('pid ') ? answers.next() : Promise.resolve(first)
    void Promise.all([last, closed]).then(([answer]) => {
      busy = answer === null
    })
    return {
      pid: first.startsWith('pid ') ? Number(first.slice('pid '.length)) : null,
      stdout,
      stderr,
      exited: last.then((answer) =>
        answer === null
          ? { code: null, signal: 'SIGKILL' }
          : { code: Number(answer.slice('exit '.length)), signal: null },
      ),
      unref: () => undefined,
    }
  }
  return {
    isIdle: () => !busy && child.exitCode === null && child.signalCode === null,
    start,
    close: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** What the lane says, a line at a time; null from its end on. */
function readAnswers({ stdout }: ChildProcessByStdio<Writable, Readable, null>): {
  readonly next: () => Promise<string | null>
} {
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  return {
    next: async () => {
      const { value, done } = await lines.next()
      return done ? null : value
    },
  }
}

function openPipes(paths: readonly string[]): readonly number[] | undefined {
  const files: number[] = []
  try {
    for (const path of paths) files.push(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK))
    return files
  } catch {
    for (const file of files) closeSync(file)
    return undefined
  }
}

/** What makes a lane with the environment `known` run a command; null when it cannot. */
function scriptOf(
  { command, env }: ShellCall,
  known: ShellCall['env'],
  [out, err]: readonly [string, string],
): string | null {
  const gone = Object.keys(known).filter((name) => !Object.hasOwn(env, name))
  const changed = Object.keys(env).filter((name) => env[name] !== known[name])
  if ([...gone, ...changed].some((name) => !/^[A-Za-z_]\w*$/.test(name) || kept.test(name))) return null
  const body = `echo "pid $$" >&3; exec 3>&-; ${command}`
  const script = [
    ...gone.map((name) => `unset ${name}`),
    ...changed.map((name) => `export ${name}=${quoted(env[name] ?? '')}`),
    `exec 5>${quoted(out)} 6>${quoted(err)}`,
    `(exec 3>&1 >&5 2>&6 5>&- 6>&- </dev/null; exec ${setsid} /bin/sh -c ${quoted(body)})`,
    'code=$?; exec 5>&- 6>&-; echo "exit $code"',
    '',
  ].join('\n')
  return script.length > maxScriptLength || script.includes('\0') ? null : script
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
