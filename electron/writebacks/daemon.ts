import { execFile } from 'node:child_process'
import { readdir, readlink, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { readPlainText } from '../files/plainFile'
import { isProcessAlive } from '../files/processIdentity'

const run = promisify(execFile)

export interface DaemonState {
  readonly alive: boolean
  readonly pid: number | null
  /** A pid file is left of a daemon that no longer runs. */
  readonly stale: boolean
}

const pidFileSchema = z.union([
  z
    .number()
    .int()
    .transform((pid) => ({ pid, executable: undefined })),
  z.looseObject({ pid: z.number().int(), executable: z.string().optional() }),
])
const leaseSchema = z.looseObject({ pid: z.number().int(), localRoot: z.string() })

/**
 * Is a mount's daemon alive? When `mount.pid`, or a lease for this folder, names a running process of that executable:
 * a pid alone may have been used again (docs/formats-writebacks.md, "Daemon").
 */
export async function daemonOf(localDir: string, { home }: { readonly home: string }): Promise<DaemonState> {
  const own = await fromPidFile(join(localDir, '.relay', 'mount.pid'))
  if (own?.alive) return own
  return (await fromLeases(localDir, home)) ?? own ?? { alive: false, pid: null, stale: false }
}

async function fromPidFile(path: string): Promise<DaemonState | undefined> {
  const text = await readPlainText(path).catch(() => undefined)
  if (text === undefined) return undefined
  const parsed = pidFileSchema.safeParse(parseJson(text))
  if (!parsed.success) return { alive: false, pid: null, stale: true }
  const { pid, executable } = parsed.data
  const alive = await isRunning(pid, executable)
  return { alive, pid, stale: !alive }
}

async function fromLeases(localDir: string, home: string): Promise<DaemonState | undefined> {
  const folder = join(home, '.cache', 'relayfile', 'mount-leases')
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.lock')) continue
    const lease = leaseSchema.safeParse(parseJson(await readPlainText(join(folder, name)).catch(() => '')))
    if (!lease.success || (await real(lease.data.localRoot)) !== (await real(localDir))) continue
    if (await isRunning(lease.data.pid, undefined)) return { alive: true, pid: lease.data.pid, stale: false }
  }
  return undefined
}

async function isRunning(pid: number, executable: string | undefined): Promise<boolean> {
  if (!isProcessAlive(pid)) return false
  const running = await executableOf(pid)
  if (running === null) return executable === undefined
  if (executable === undefined) return /relayfile/i.test(basename(running))
  return running === executable || running === (await real(executable))
}

async function executableOf(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') return (await readlink(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '')
    if (process.platform === 'win32') return null
    return (await run('ps', ['-o', 'comm=', '-p', String(pid)])).stdout.trim() || null
  } catch {
    return null
  }
}

function real(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
