import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBreath } from '../files/breath'
import { isProcessAlive } from '../files/processIdentity'
import { limitHasMark } from './limitMark'

/** How soon, and at most how late, it is looked again whether what was ended is gone. */
const [firstLookMs, lastLookMs] = [2, 25]

/**
 * A variable that the processes of a run, of one execution of it or of one attempt carry in their environment; or the one
 * that the published runner hands on to all that it starts.
 */
export type ProcessMark =
  | `RUNDESK_${'RUN_ID' | 'EXECUTION' | 'ATTEMPT'}=${string}`
  | `AGENT_RELAY_RUN_ID_FILE=${string}`

/**
 * The processes that carry the mark in their environment, or, when that was cleared, in a limit that they inherit;
 * whatever their group (Linux; elsewhere none are found). Those of other users cannot be told.
 */
export async function markedProcesses(mark: ProcessMark): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  const found: number[] = []
  const breathe = createBreath()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    if (isMarked(pid, mark) && isProcessAlive(pid)) found.push(pid)
    await breathe()
  }
  return found
}

function isMarked(pid: number, mark: ProcessMark): boolean {
  try {
    const environment = `\0${readFacts(`/proc/${pid}/environ`)}`
    if (environment.includes('\0RUNDESK_ATTEMPT=')) return environment.includes(`\0${mark}\0`)
    if (environment.includes(`\0${mark}\0`)) return true
    if (!mark.startsWith('RUNDESK_')) return false
    const limits = readFacts(`/proc/${pid}/limits`)
    return limitHasMark(/^Max resident set +(\d+)/m.exec(limits)?.[1] ?? '', mark)
  } catch {
    return false // It ended between the calls, or belongs to somebody else.
  }
}

const piece = Buffer.allocUnsafeSlow(64 * 1024)

/** What a file of /proc says. They tell no size, for which `readFileSync` takes twice as long; there are two for each process. */
function readFacts(path: string): string {
  const file = openSync(path, 'r')
  try {
    let text = ''
    for (let length = readSync(file, piece); length > 0; length = readSync(file, piece))
      text += piece.toString('latin1', 0, length)
    return text
  } finally {
    closeSync(file)
  }
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
  for (let lookMs = firstLookMs; ; lookMs = Math.min(2 * lookMs, lastLookMs)) {
    const pids = await markedProcesses(mark)
    const left = groups.filter((pgid) => isGroupAlive(pgid))
    if (pids.length === 0 && left.length === 0) return
    const kill = Date.now() >= killAt
    for (const target of [...pids, ...left.map((pgid) => -pgid)]) {
      if (kill) signal(target, 'SIGKILL')
      else if (!asked.has(target)) {
        signal(target, 'SIGTERM')
        signal(target, 'SIGCONT') // One that is stopped hears the other signal only then.
      }
      asked.add(target)
    }
    await sleep(lookMs)
  }
}

/** Sends a signal to what may have ended by itself. A negative target is a whole process group. */
export function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name)
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
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0 // Most are gone by now, and to note where that was noticed takes longest.
  try {
    process.kill(-pgid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  } finally {
    Error.stackTraceLimit = stackTraceLimit
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
