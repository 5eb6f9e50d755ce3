import { RundeskError, toFailure } from '../../shared/outcome'
import type { SourceBulkAct, SourceBulkOutcome } from '../../shared/sourceBulk'
import type { SourcePhase } from '../../shared/sourceRuns'
import type { ActLedger, LedgerAct, LedgerRun } from './actLedger'
import type { RunSource } from './source'

/** A bulk act that this process does. */
export interface BulkRun {
  readonly done: Promise<void>
  /** Begins no other run, skips the rest, and ends the act. Resolves when it has ended. */
  readonly stop: (why: string) => Promise<void>
  /** Begins no other run, and leaves the act without an end. */
  readonly interrupt: () => void
}

type Outcome = readonly [SourceBulkOutcome, string | null]

/** So many runs are acted on at once; after so many failures of the source in a row the rest is skipped. */
const [atOnce, mostUnreachable] = [2, 3]

/**
 * Does what is left of a bulk act of the ledger. A run that was begun by a process that is gone is looked at first, and acted on
 * again only when it is still what was seen. With `skip` nothing else is begun.
 */
export function runBulk({
  ledger,
  id,
  source,
  skip,
  alone,
  onChange,
}: {
  readonly ledger: ActLedger
  readonly id: string
  readonly source: () => RunSource
  readonly skip: boolean
  /** Holds what keeps other processes away while the action goes on. */
  readonly alone: (action: () => Promise<void>) => Promise<void>
  readonly onChange: () => void
}): BulkRun {
  let stopped: string | null = skip ? 'Closed by a person after it was interrupted.' : null
  let isInterrupted = false
  let unreachable = 0
  const signal = new AbortController().signal
  const now = (): string => new Date().toISOString()

  const finish = async (runId: string, [outcome, detail]: Outcome): Promise<void> => {
    await ledger.write([{ kind: 'outcome', id, at: now(), runId, outcome, detail }])
    onChange()
  }
  const doOne = async (act: LedgerAct, run: LedgerRun): Promise<void> => {
    if (run.begun) {
      const found = await lookAgain(source(), { act, run }, signal)
      if (found) return finish(run.runId, found)
    }
    if (stopped !== null) return finish(run.runId, ['skipped', stopped])
    if (run.way === 'refused') return finish(run.runId, ['refused', run.reason])
    if (run.way === 'confirm' && !act.confirmed)
      return finish(run.runId, ['refused', 'Left alone: what it asks for was not confirmed.'])
    await ledger.write([{ kind: 'begun', id, at: now(), runId: run.runId }])
    const outcome = await actOn(source(), { act, run }, signal)
    unreachable = outcome.isUnreachable ? unreachable + 1 : 0
    if (unreachable >= mostUnreachable)
      stopped ??= 'The source could not be reached several times in a row, so the rest was left alone.'
    await finish(run.runId, outcome.is)
  }
  const work = async (): Promise<void> => {
    await ledger.refresh()
    const act = ledger.act(id)
    if (!act || act.endedAt !== null) return
    const left = act.runs.filter(({ outcome }) => outcome === null).values()
    const lane = async (): Promise<void> => {
      for (const run of left) {
        if (isInterrupted) return
        await doOne(act, run)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, lane))
    if (!isInterrupted) await ledger.write([{ kind: 'end', id, at: now(), stopped }])
  }
  const done = alone(work)
  done.catch(() => undefined) // What the ledger refused leaves the act interrupted, which its state tells.
  return {
    done,
    stop: async (why) => {
      stopped ??= why
      await done
    },
    interrupt: () => {
      isInterrupted = true
    },
  }
}

interface Item {
  readonly act: LedgerAct
  readonly run: LedgerRun
}

async function actOn(
  source: RunSource,
  { act, run }: Item,
  signal: AbortSignal,
): Promise<{ readonly is: Outcome; readonly isUnreachable: boolean }> {
  try {
    const { outcome, message } = await source.act(
      { runId: run.runId, act: act.act, version: run.version, confirmed: run.way === 'confirm', ...reasonOf(act) },
      signal,
    )
    return { is: [outcome, message], isUnreachable: false }
  } catch (error) {
    const { code, message } = toFailure(error)
    if (code === 'internal' && !(error instanceof RundeskError)) throw error
    if (code === 'not_found') return { is: ['changed', message], isUnreachable: false }
    return { is: [code === 'refused' ? 'refused' : 'failed', message], isUnreachable: code === 'unreachable' }
  }
}

function reasonOf({ reason }: LedgerAct): { readonly reason?: string } {
  return reason === null ? {} : { reason }
}

/** What became of a run that a process began and did not tell of; null when it is still what was seen, so nothing was done. */
async function lookAgain(source: RunSource, { act, run }: Item, signal: AbortSignal): Promise<Outcome | null> {
  try {
    const now = await source.run(run.runId, signal)
    if (!now) return ['changed', 'It is gone.']
    if (now.version === run.version) return null
    const began = 'It was begun when the operation was interrupted'
    if (isWanted(act.act, now.phase)) return ['done', `${began}, and it is ${now.status} now.`]
    return ['changed', `${began}; it is ${now.status} now, so it was not done again.`]
  } catch (error) {
    return ['unconfirmed', `It was begun when the operation was interrupted. ${toFailure(error).message}`]
  }
}

/** Is this what the act was to bring about? */
function isWanted(act: SourceBulkAct, phase: SourcePhase): boolean {
  if (act === 'cancel') return phase === 'cancelled'
  return phase === 'waiting' || phase === 'running' || phase === 'completed'
}
