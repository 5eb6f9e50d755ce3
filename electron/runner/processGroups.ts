import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isProcessAlive } from '../files/processIdentity'

const pollMs = 25

/** Sends a signal to a whole process group; false when there is none any more. */
function signalGroup(pgid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pgid, signal)
    return true
  } catch {
    return false
  }
}

/**
 * A variable that the processes of a run, of one execution of it or of one attempt carry in their environment; or the one
 * that the published runner hands on to all that it starts.
 */
export type ProcessMark =
  | `RUNDESK_${'RUN_ID' | 'EXECUTION' | 'ATTEMPT'}=${string}`
  | `AGENT_RELAY_RUN_ID_FILE=${string}`

/** The processes that carry the mark in their environment, whatever their group (Linux; elsewhere none are found). */
export async function markedProcesses(mark: ProcessMark): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
    if (`\0${environment}`.includes(`\0${mark}\0`) && isProcessAlive(pid)) found.push(pid)
  }
  return found
}

/**
 * Ends process groups and every process that carries the mark: TERM, then KILL after `graceMs`. Resolves when none
 * of them is left; what was started meanwhile is ended as well.
 */
export async function endProcesses({
  mark,
  groups,
  graceMs,
}: {
  readonly mark: ProcessMark
  readonly groups: readonly number[]
  readonly graceMs: number
}): Promise<void> {
  const killAt = Date.now() + graceMs
  const asked = new Set<number>()
  for (;;) {
    const pids = await markedProcesses(mark)
    const left = groups.filter((pgid) => isGroupAlive(pgid))
    if (pids.length === 0 && left.length === 0) return
    const kill = Date.now() >= killAt
    for (const pgid of left) if (kill || !asked.has(-pgid)) signalGroup(pgid, kill ? 'SIGKILL' : 'SIGTERM')
    for (const pid of pids) if (kill || !asked.has(pid)) signalProcess(pid, kill ? 'SIGKILL' : 'SIGTERM')
    for (const id of [...pids, ...left.map((pgid) => -pgid)]) asked.add(id)
    await sleep(pollMs)
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself.
  }
}

/** Does the group have a member that is no zombie? Where that cannot be told, any member counts. */
export function isGroupAlive(pgid: number): boolean {
  if (!signalGroupExists(pgid)) return false
  return process.platform !== 'linux' || isProcessAlive(pgid) || hasLivingMember(pgid)
}

function signalGroupExists(pgid: number): boolean {
  try {
    process.kill(-pgid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function hasLivingMember(pgid: number): boolean {
  return livingGroups().has(pgid)
}

function livingGroups(): ReadonlySet<number> {
  const groups = new Set<number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8')
      const [state, , group] = text.slice(text.lastIndexOf(')') + 2).split(' ')
      if (state !== 'Z' && state !== 'X') groups.add(Number(group))
    } catch {
      // It ended between the two calls.
    }
  }
  return groups
}
