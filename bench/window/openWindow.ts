import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'

/** As root the app runs as this user: its sandbox does not start otherwise. */
const testUser = 65534

/** The real app, built and opened on a workspace, as a person would start it. */
export interface OpenWindow {
  readonly app: ElectronApplication
  readonly page: Page
  /** From the start of its process, in ms. */
  readonly sinceStartMs: () => number
  /** The app's process and all that it started. */
  readonly pids: () => readonly number[]
  readonly close: () => Promise<void>
}

/** Opens the app. `dataDir` keeps what it knows from one opening to the next. */
export async function openWindow(workspace: string, dataDir: string): Promise<OpenWindow> {
  mkdirSync(dataDir, { recursive: true })
  giveToTestUser(workspace, dataDir)
  const { _electron: electron } = await import('@playwright/test') // Only here: no other measurement is to carry it.
  const startMs = performance.now()
  const app = await electron.launch({
    executablePath: process.env.RUNDESK_BENCH_ELECTRON ?? '',
    args: [process.cwd(), '-w', workspace, '--data-dir', dataDir],
    timeout: 120_000,
  })
  const page = await app.firstWindow({ timeout: 120_000 })
  const pid = app.process().pid ?? 0
  return {
    app,
    page,
    sinceStartMs: () => performance.now() - startMs,
    pids: () => family(pid),
    close: () => app.close(),
  }
}

/** Lets the app write there, when it runs as another user. */
export function giveToTestUser(...folders: readonly string[]): void {
  if (process.getuid?.() === 0) spawnSync('chown', ['-R', `${testUser}:${testUser}`, ...folders])
}

/** Forgets what the app knew of earlier openings. */
export function forget(dataDir: string): string {
  rmSync(dataDir, { recursive: true, force: true })
  return dataDir
}

/** Memory of processes, what they share counted in parts, in MiB. */
export function proportionalMib(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + pssKib(pid), 0) / 1024
}

/** Processor time that processes have used, in ms. */
export function cpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const [, , , , , , , , , , , user = '0', system = '0'] = afterName(pid)
    return sum + (Number(user) + Number(system)) * 10
  }, 0)
}

/** A process and all that it, or one of them, started. */
export function family(pid: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), Number(afterName(Number(name))[1] ?? 0))
  }
  const found = [pid]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found
}

/** The fields of /proc/PID/stat behind the name, from the state on; none of a process that is gone. */
function afterName(pid: number): readonly string[] {
  const text = read(pid, 'stat')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function pssKib(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0)
}

function read(pid: number, name: string): string {
  try {
    return readFileSync(join('/proc', String(pid), name), 'utf8')
  } catch {
    return '' // It ended meanwhile.
  }
}
