import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RundeskError, toFailure } from '../../shared/outcome'
import { hostIdentity, isIdentityAlive, type ProcessIdentity, processStartTime } from '../files/processIdentity'
import type { PublishedRunner } from './findPublishedRunner'
import { endProcesses, type ProcessMark, signal } from './processGroups'

const pollMs = 25

/** How the published runner's process ended. */
export interface PublishedEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The published runner, started as a process group of its own. */
export interface PublishedProcess {
  readonly identity: ProcessIdentity
  readonly exited: Promise<PublishedEnd>
}

/** The file that the published runner writes its run's id into. Everything that it starts carries this name. */
export function runIdFile(rundeskDir: string, token: string): string {
  return join(rundeskDir, 'published', `${token}.run`)
}

/** What every process of one execution by the published runner carries. */
export function publishedMark(rundeskDir: string, token: string): ProcessMark {
  return `AGENT_RELAY_RUN_ID_FILE=${runIdFile(rundeskDir, token)}`
}

/**
 * Ends the published runner and, when it is gone, all that it started. While it lives it takes a step whose command is
 * ended for one that ended by itself, and begins the next.
 */
export async function endPublished({
  rundeskDir,
  token,
  identity,
  graceMs,
}: {
  readonly rundeskDir: string
  /** Of the lease of its execution. */
  readonly token: string
  /** Null when it never started. */
  readonly identity: ProcessIdentity | null
  readonly graceMs: number
}): Promise<void> {
  const killAt = Date.now() + graceMs
  let sent: NodeJS.Signals | undefined
  while (identity && (await isIdentityAlive(identity))) {
    const wanted = Date.now() >= killAt ? 'SIGKILL' : 'SIGTERM'
    if (wanted !== sent) for (const name of [wanted, 'SIGCONT'] as const) signal(identity.pid, name)
    sent = wanted
    await sleep(pollMs)
  }
  await endProcesses({ mark: publishedMark(rundeskDir, token), groups: identity ? [identity.pid] : [], graceMs })
}

/**
 * Starts the published runner in the workspace. It goes on when this process ends: what it prints goes straight into the
 * log file. Throws `not_supported` when it cannot be started.
 */
export async function startPublishedProcess({
  runner,
  args,
  workspaceDir,
  idFile,
  logPath,
}: {
  readonly runner: PublishedRunner
  readonly args: readonly string[]
  readonly workspaceDir: string
  /** Where it writes the run's id: `runIdFile`. */
  readonly idFile: string
  readonly logPath: string
}): Promise<PublishedProcess> {
  for (const file of [idFile, logPath]) {
    mkdirSync(dirname(dirname(file)), { recursive: true, mode: 0o755 })
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  }
  const log = openSync(logPath, 'a', 0o600)
  try {
    const child = spawn(runner.node, [runner.cli, ...args], {
      cwd: workspaceDir,
      env: environment(idFile),
      detached: true,
      stdio: ['ignore', log, log],
    })
    const exited = new Promise<PublishedEnd>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    child.unref()
    const pid = child.pid ?? 0
    return { identity: { pid, startTime: await processStartTime(pid), host: hostIdentity }, exited }
  } catch (error) {
    const reason = toFailure(error).message
    throw new RundeskError('not_supported', `The published runner could not be started: ${reason}`, { cause: error })
  } finally {
    closeSync(log)
  }
}

/** Agents need what the person's own shell has. What belongs to Electron or to a run of ours is left out. */
function environment(idFile: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:ELECTRON|RUNDESK)_/.test(name))
  return { ...Object.fromEntries(kept), AGENT_RELAY_RUN_ID_FILE: idFile }
}
