import { withFileLock } from '../files/fileLock'
import { leaseLockPath } from '../runs/lease'
import type { RunRow, StoreLine } from '../runs/rows'
import type { RunJournal, RunRecord } from '../runs/runJournal'
import type { PublishedRunner } from './findPublishedRunner'
import type { HeldLease } from './heldLease'
import { endPublished, type PublishedEnd, type PublishedProcess } from './publishedProcess'
import { brokenRows } from './runRows'

const lockWaitMs = 120_000
const final: readonly string[] = ['completed', 'failed', 'cancelled', 'needs_human', 'paused']

/**
 * Waits for the published runner to end, ends what it left, and records its exit in the run's row. A run that it did not
 * bring to an end becomes failed with the reason, unless it was cancelled. Releases the lease.
 */
export async function followPublished(
  journal: RunJournal,
  {
    runId,
    lease,
    process,
    runner,
    log,
    graceMs,
  }: {
    readonly runId: string
    readonly lease: HeldLease
    readonly process: PublishedProcess
    readonly runner: PublishedRunner
    /** Relative to Rundesk's folder. */
    readonly log: string
    readonly graceMs: number
  },
): Promise<void> {
  const end = await process.exited
  const { pid } = process.identity
  const facts = {
    package: runner.packageName,
    version: runner.version,
    pid,
    exitCode: end.code,
    signal: end.signal,
    log,
  }
  // Whoever cancels holds this lock until the cancel is recorded.
  await withFileLock(
    leaseLockPath(journal.rundeskDir, runId),
    async () => {
      const { rundeskDir } = journal
      await endPublished({ rundeskDir, token: lease.token, identity: process.identity, graceMs })
      await journal.refresh()
      await journal.claim(runId, (record) => (record ? endedLines(record, { end, facts }) : []))
    },
    { waitMs: lockWaitMs },
  ).finally(() => lease.release().catch(() => undefined))
}

function endedLines(
  record: RunRecord,
  { end, facts }: { readonly end: PublishedEnd; readonly facts: Readonly<Record<string, unknown>> },
): readonly StoreLine[] {
  const marked = (run: RunRow): StoreLine => ({
    kind: 'run',
    row: { ...run, rundesk: { ...run.rundesk, publishedRunner: facts } },
  })
  if (final.includes(record.run.status ?? '')) return [marked(record.run)]
  const how = end.signal === null ? `exit code ${end.code}` : `signal ${end.signal}`
  const { run, steps } = brokenRows(record, `The published runner ended with ${how} before the run did`)
  return [...steps.map((row): StoreLine => ({ kind: 'step', row })), marked(run)]
}
