import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RundeskError } from '../../shared/outcome'
import { writeFileAtomic } from '../files/atomicWrite'
import { makePrivateFolder } from '../files/privateFolder'
import { readTail } from '../files/readTail'
import type { RunJournal } from '../runs/runJournal'
import { attemptLogFile } from './attemptLog'
import type { PublishedRunner } from './findPublishedRunner'
import { followPublished } from './followPublished'
import { createToken, type HeldLease, holdLease } from './heldLease'
import {
  endPublished,
  type PublishedEnd,
  type PublishedProcess,
  runIdFile,
  startPublishedProcess,
} from './publishedProcess'

interface Context {
  readonly journal: RunJournal
  readonly runner: PublishedRunner
  readonly by: string
  readonly graceMs: number
}

/** A run in the hands of the published runner. */
export interface PublishedRun {
  readonly runId: string
  readonly ended: Promise<void>
}

/** The name under which the log of the published runner itself stands among the logs of a run's steps. */
export const publishedLogName = 'published runner'
const lookMs = 50
const firstRowMs = 120_000
const saidBytes = 2_000

/**
 * Starts a workflow with the published runner and takes its process over: resolves when the run has its id. `file` is the
 * workflow file itself, or its content with the variables filled in. Throws `not_supported` with what the runner said
 * when it ended before it made a run.
 */
export async function startWithPublished(
  { journal, runner, by, graceMs }: Context,
  { file, workflow }: { readonly file: string | object; readonly workflow: string },
): Promise<PublishedRun> {
  const { rundeskDir, workspaceDir } = journal
  const token = createToken()
  const idFile = runIdFile(rundeskDir, token)
  const [copy, logPath] = [`${idFile}.yaml`, `${idFile}.log`]
  const clean = async (): Promise<void> => {
    for (const path of [copy, idFile]) await rm(path, { force: true })
  }
  let process: PublishedProcess | undefined
  try {
    if (typeof file !== 'string') {
      await mkdir(rundeskDir, { recursive: true, mode: 0o755 })
      await makePrivateFolder(dirname(copy))
      const { stringify } = await import('yaml')
      await writeFileAtomic(copy, stringify(file, { aliasDuplicateObjects: false }), { forUserAlone: true })
    }
    const args = [typeof file === 'string' ? file : copy, '--workflow', workflow]
    process = await startPublishedProcess({ runner, args, workspaceDir, idFile, logPath })
    const runId = await awaitRun(journal, { idFile, process, logPath })
    const lease = await holdLease({ rundeskDir, runId, by, token })
    await lease.handOver(process.identity)
    const log = logFile(rundeskDir, runId)
    await makePrivateFolder(dirname(join(rundeskDir, log)))
    await rename(logPath, join(rundeskDir, log)) // The process goes on writing into it.
    const ended = followPublished(journal, { runId, lease, process, runner, log, graceMs }).finally(clean)
    return { runId, ended }
  } catch (error) {
    await endPublished({ rundeskDir, token, identity: process?.identity ?? null, graceMs })
    await clean()
    throw error
  }
}

/** Goes on with a claimed run by the published runner. When it cannot be started the caller puts the run back. */
export async function resumeWithPublished(
  { journal, runner, graceMs }: Omit<Context, 'by'>,
  { runId, lease }: { readonly runId: string; readonly lease: HeldLease },
): Promise<PublishedRun> {
  const { rundeskDir, workspaceDir } = journal
  const log = logFile(rundeskDir, runId)
  const logPath = join(rundeskDir, log)
  const idFile = runIdFile(rundeskDir, lease.token)
  const process = await startPublishedProcess({ runner, args: ['--resume', runId], workspaceDir, idFile, logPath })
  await lease.handOver(process.identity)
  const ended = followPublished(journal, { runId, lease, process, runner, log, graceMs })
  return { runId, ended: ended.finally(() => rm(idFile, { force: true })) }
}

/** Where the next log of the published runner itself goes, relative to Rundesk's folder. */
function logFile(rundeskDir: string, runId: string): string {
  for (let attempt = 1; ; attempt++) {
    const file = attemptLogFile({ runId, step: publishedLogName, attempt })
    if (!existsSync(join(rundeskDir, file))) return file
  }
}

/** Waits until the runner has told its run's id and the run stands in the store. */
async function awaitRun(
  journal: RunJournal,
  {
    idFile,
    process,
    logPath,
  }: { readonly idFile: string; readonly process: PublishedProcess; readonly logPath: string },
): Promise<string> {
  let end: PublishedEnd | undefined
  void process.exited.then((exit) => {
    end = exit
  })
  for (const giveUpAt = Date.now() + firstRowMs; Date.now() < giveUpAt; await sleep(lookMs)) {
    const ended = end
    const text = await readFile(idFile, 'utf8').catch(() => '')
    await journal.refresh()
    if (text.endsWith('\n') && journal.statusOf(text.trim()) !== undefined) return text.trim()
    if (!ended) continue
    throw new RundeskError(
      'not_supported',
      `The published runner ended with ${ended.signal ?? `exit code ${ended.code}`} before it made a run. It said: ${await readTail(logPath, saidBytes)}`,
    )
  }
  throw new RundeskError(
    'not_supported',
    `The published runner made no run within ${firstRowMs / 1000} s, and was ended. It said: ${await readTail(logPath, saidBytes)}`,
  )
}
