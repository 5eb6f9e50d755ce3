import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { promisify } from 'node:util'
import { eventually } from '../electron/files/eventually.testkit'

/** What a mount daemon is started with. */
export interface MountOptions {
  readonly binary: string
  /** Its own HOME: private state and leases lie there. */
  readonly home: string
  readonly serverUrl: string
  readonly token: string
  readonly workspaceId: string
  readonly localDir: string
}

/** The published mount daemon, running on one folder. */
export interface MountDaemon {
  readonly pid: number
  /** Makes it do one cycle now, whether or not that cycle goes well. */
  readonly flush: () => Promise<void>
  /** Everything that it said. */
  readonly log: () => string
  /** Ends it as a person would. */
  readonly stop: () => Promise<void>
  /** Ends it at once, as a crash would: its lease stays. */
  readonly kill: () => Promise<void>
}

/** Starts the published mount daemon and waits until its first cycle is done. */
export async function startMountDaemon(options: MountOptions): Promise<MountDaemon> {
  const { binary, home, serverUrl, token, workspaceId, localDir } = options
  await mkdir(localDir, { recursive: true })
  await mkdir(home, { recursive: true })
  const where = ['--base-url', serverUrl, '--workspace', workspaceId, '--local-dir', localDir]
  const how = ['--interval', '5s', '--interval-jitter', '0', '--websocket=false']
  const args = [...where, ...how]
  const env = { PATH: process.env.PATH ?? '', HOME: home, RELAYFILE_TOKEN: token }
  // The kernel ends it with its test, also when that is killed.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', binary, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8')
  })
  const gone = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
    child.on('error', () => resolve())
  })
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await gone
  }
  try {
    await eventually("the daemon's first cycle", () => {
      if (child.exitCode !== null) throw new Error(`The mount daemon ended with ${child.exitCode}: ${log}`)
      return log.includes('mount sync cycle completed')
    })
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
  return {
    pid: pidOf(child),
    flush: async () => {
      await promisify(execFile)(binary, [...args, '--notify-flush'], { env }).catch(() => undefined)
    },
    log: () => log,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('The mount daemon has no process id.')
  return pid
}
