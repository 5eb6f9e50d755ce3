import { execFile } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A process for ever: pids are used again, so the start time belongs to the identity. */
export interface ProcessIdentity {
  readonly pid: number
  /** Opaque; equal for the same process and different for a later one with the same pid. Null where it cannot be told. */
  readonly startTime: string | null
  /** Host and, on Linux, pid namespace: elsewhere a pid means nothing. */
  readonly host: string
}

/** This machine's name together with what scopes its process ids. */
export const hostIdentity: string = describeHost()

function describeHost(): string {
  if (process.platform !== 'linux') return hostname()
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/**
 * Does a process with this pid run? A zombie has ended, but only when all its threads have: the first thread of a killed
 * process may be gone while another one still writes to the disk. A process we may not signal is alive.
 */
export function isProcessAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  if (process.platform === 'linux') {
    const stat = linuxStat(pid)
    return stat !== undefined && ((stat.state !== 'Z' && stat.state !== 'X') || stat.threads > 1)
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

interface LinuxStat {
  readonly state: string
  readonly threads: number
  readonly startTicks: string
}

function linuxStat(pid: number): LinuxStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * proc(5): the name in parentheses may hold anything, so fields are counted from the last `)`; field 3 is the state, 20
 * the number of threads, 22 the start time.
 */
function parseStat(text: string): LinuxStat | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, threads, startTicks] = [fields[0], fields[17], fields[19]]
  return state && startTicks ? { state, threads: Number(threads), startTicks } : undefined
}

let bootId: string | undefined

/** When the process started, as an opaque text; null when it does not run or the system does not tell. */
export async function processStartTime(pid: number): Promise<string | null> {
  if (!Number.isInteger(pid) || pid <= 0) return null
  try {
    if (process.platform === 'linux') {
      bootId ??= (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
      const stat = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'))
      return stat ? `${bootId}:${stat.startTicks}` : null
    }
    if (process.platform === 'win32') return null
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { ...process.env, LC_ALL: 'C' } })
    return stdout.trim() || null
  } catch {
    return null
  }
}

let own: Promise<ProcessIdentity> | undefined

/** The identity of this process. */
export function ownIdentity(): Promise<ProcessIdentity> {
  own ??= processStartTime(process.pid).then((startTime) => ({ pid: process.pid, startTime, host: hostIdentity }))
  return own
}

/** Is that very process alive? Null when this machine cannot tell, because it belongs to another host. */
export async function isIdentityAlive(identity: ProcessIdentity): Promise<boolean | null> {
  if (identity.host !== hostIdentity) return null
  if (!isProcessAlive(identity.pid)) return false
  if (identity.startTime === null) return true
  const startTime = await processStartTime(identity.pid)
  return startTime === null ? isProcessAlive(identity.pid) : startTime === identity.startTime
}
