import { setTimeout as sleep } from 'node:timers/promises'
import { RundeskError } from '../../shared/outcome'
import { cancellable, nothingToCancel } from '../../shared/rules/runActs'
import { withFileLock } from '../files/fileLock'
import { isIdentityAlive } from '../files/processIdentity'
import { leaseLockPath, ownerOf, readLease } from '../runs/lease'
import type { StoreLine } from '../runs/rows'
import type { RunJournal } from '../runs/runJournal'
import { endProcesses } from './processGroups'
import { endPublished } from './publishedProcess'
import { cancelledRows } from './runRows'

/** What a cancel found and did. */
export interface CancelResult {
  readonly cancelled: boolean
  readonly status: string
  readonly completedAt: string | null
  readonly message: string
}

/** Who cancels, and why, as the run's history tells it. */
interface Cancel {
  readonly confirmed: boolean
  readonly by: string
  readonly reason?: string | null
}

const pollMs = 50
const lockWaitMs = 60_000

/**
 * Cancels a run by compare and swap and returns when its processes are gone. Idempotent: a finished run is told, never
 * stamped again. Throws `not_found`, and `needs_confirmation` for a run whose foreign program may be alive.
 */
export async function cancelRun(
  journal: RunJournal,
  { runId, graceMs, ...cancel }: Cancel & { readonly runId: string; readonly graceMs: number },
): Promise<CancelResult> {
  const lease = await readLease(journal.rundeskDir, runId)
  if (lease?.runner === 'published' && lease.releasedAt === null) {
    // It takes no lock and its memory would win over ours: it is ended before the cancel is recorded.
    return withFileLock(
      leaseLockPath(journal.rundeskDir, runId),
      async () => {
        const identity = (await isIdentityAlive(lease)) ? lease : null
        await endPublished({ rundeskDir: journal.rundeskDir, token: lease.token, identity, graceMs })
        await journal.refresh()
        return claimCancel(journal, { runId, ...cancel, published: true })
      },
      { waitMs: lockWaitMs },
    )
  }
  const result = await claimCancel(journal, { runId, ...cancel, published: false })
  if (result.status === 'cancelled') await waitUntilGone(journal, { runId, graceMs })
  return result
}

async function claimCancel(
  journal: RunJournal,
  { runId, confirmed, by, reason = null, published }: Cancel & { readonly runId: string; readonly published: boolean },
): Promise<CancelResult> {
  let result: CancelResult | undefined
  await journal.claim(runId, (record) => {
    if (!record) throw new RundeskError('not_found', `There is no run ${JSON.stringify(runId)}.`)
    const { facts } = record
    if (facts.status === 'completed' || facts.status === 'cancelled') {
      result = {
        cancelled: false,
        status: facts.status,
        completedAt: facts.completedAt,
        message: sentence(nothingToCancel(facts)),
      }
      return []
    }
    const permission = cancellable(facts)
    if (permission.kind === 'refused')
      throw new RundeskError('not_cancellable', `Run ${runId}: ${permission.reason}.`, {
        details: { status: facts.status },
      })
    if (permission.kind === 'confirm' && !confirmed) {
      throw new RundeskError(
        'needs_confirmation',
        `${permission.question} If it is, cancel with a confirmation (--force).`,
        { details: { status: facts.status } },
      )
    }
    const { run, steps } = cancelledRows(record, { by, reason, settleSteps: published || facts.owner?.alive !== true })
    result = {
      cancelled: true,
      status: 'cancelled',
      completedAt: run.completedAt ?? null,
      message: `Cancelled run ${runId}.`,
    }
    return [...steps.map((row): StoreLine => ({ kind: 'step', row })), { kind: 'run', row: run }]
  })
  if (!result) throw new Error('A claim was made without a decision')
  return result
}

/** The executing process ends its own steps; one that is dead, or does not answer in time, is helped. */
async function waitUntilGone(
  journal: RunJournal,
  { runId, graceMs }: { readonly runId: string; readonly graceMs: number },
): Promise<void> {
  const helpAt = Date.now() + graceMs + 3_000
  for (;;) {
    const owner = await ownerOf(await readLease(journal.rundeskDir, runId))
    if (owner?.alive !== true || Date.now() > helpAt) break
    await sleep(pollMs)
  }
  await endProcesses({ mark: `RUNDESK_RUN_ID=${runId}`, groups: [], graceMs })
}

/** A reason as a sentence of its own. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
