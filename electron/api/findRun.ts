import { RundeskError } from '../../shared/outcome'
import { nothingToCancel, type Permission, type RunFacts } from '../../shared/rules/runActs'
import { type CancelResult, sentence } from '../runner/cancelRun'
import { looseRunDetail } from '../runs/looseRuns'
import type { Session } from './session'

/** So many characters of an id may stand for it. */
const shortestId = 4

/**
 * A whole id wins; else the one run whose id starts so. Throws `not_found`, `ambiguous_id`, and `unreadable` where it
 * cannot be told.
 */
export function findRun(sessions: readonly Session[], wanted: string): { workspaceId: string; runId: string } {
  const exact: { workspaceId: string; runId: string }[] = []
  const starting: { workspaceId: string; runId: string }[] = []
  for (const { folder, store, loose } of sessions) {
    const ids = [
      ...store.runs().map((node) => node.id),
      ...loose.list((id) => store.get(id) !== undefined).map((run) => run.id),
    ]
    for (const runId of ids) {
      if (runId === wanted) exact.push({ workspaceId: folder.id, runId })
      else if (wanted.length >= shortestId && runId.startsWith(wanted)) starting.push({ workspaceId: folder.id, runId })
    }
  }
  const found = exact.length > 0 ? exact : starting
  const [only] = found
  if (only === undefined) {
    const trouble = sessions.map(({ store }) => store.trouble()).find((one) => one !== null)
    if (trouble)
      throw new RundeskError(
        'unreadable',
        `Whether there is a run ${JSON.stringify(wanted)} cannot be told. ${trouble}`,
      )
    if (wanted.length < shortestId)
      throw new RundeskError(
        'not_found',
        `No run has the id ${JSON.stringify(wanted)}; one may be cut short, but to no less than ${shortestId} characters. List them with: rundesk runs`,
      )
    throw unknownRun(wanted)
  }
  if (found.length > 1) {
    const list = found.slice(0, 5).map(({ runId }) => runId)
    throw new RundeskError(
      'ambiguous_id',
      `${JSON.stringify(wanted)} fits ${found.length} runs: ${list.join(', ')}. Give more of the id, or one workspace with -w.`,
    )
  }
  return only
}

/** What a cancel of a run without rows that has ended comes to; undefined for any other run. */
export function endedLoose(session: Session, runId: string): CancelResult | undefined {
  const loose = session.store.get(runId) ? undefined : session.loose.get(runId)
  if (!loose || loose.completedAt === null) return undefined
  const { status, completedAt } = loose
  return { cancelled: false, status, completedAt, message: sentence(nothingToCancel(loose)) }
}

/** Throws `not_supported` with the rule's reason for a run without rows, and `not_found`. */
export function refuseLoose(session: Session, runId: string, rule: (run: RunFacts) => Permission): void {
  if (session.store.get(runId)) return
  const loose = session.loose.get(runId)
  if (!loose) throw unknownRun(runId)
  const permission = rule(looseRunDetail(loose, session.folder.id, []))
  if (permission.kind === 'refused') throw new RundeskError('not_supported', `Run ${runId}: ${permission.reason}.`)
}

/** That there is no such run. */
export function unknownRun(runId: string): RundeskError {
  return new RundeskError(
    'not_found',
    `There is no run ${JSON.stringify(runId)} in these workspaces. List them with: rundesk runs`,
  )
}
