import { randomUUID } from 'node:crypto'
import type { Handlers, Output } from '../../shared/contract'
import { RundeskError, toFailure } from '../../shared/outcome'
import { cancellable, type RunFacts } from '../../shared/rules/runActs'
import type { Bulk, BulkItem, BulkOutcome, RunRef } from '../../shared/runBulk'
import { createBreath } from '../files/breath'
import { looseRunDetail } from '../runs/looseRuns'
import { toFacts } from '../runs/runView'
import { isNode, type ListContext, type ListedRun } from './runFacts'
import type { RunLists } from './runLists'
import type { Session } from './session'
import type { Workspaces } from './workspaces'

type BulkHandlers = Pick<Handlers, 'runs:previewCancel' | 'runs:cancelAll' | 'runs:bulk' | 'runs:stopBulk'>

export interface BulkCancel {
  readonly handlers: BulkHandlers
  /** Begins no other cancel, and resolves when those that were begun have ended. */
  readonly close: () => Promise<void>
}

/** A run of a frozen set, with what was seen of it and what came of it. */
interface Entry {
  readonly seen: BulkItem
  readonly version: string
  outcome: BulkOutcome | null
  detail: string | null
}

interface FrozenSet {
  readonly id: string
  readonly entries: readonly Entry[]
  state: 'seen' | 'going' | 'stopped' | 'done'
}

/** So many sets are kept, so many runs of a preview are told, so many are cancelled at the same time. */
const [keptSets, toldItems, atOnce] = [8, 500, 4]

/**
 * The handlers of cancelling many runs: a set is frozen with what was seen of each, and each is cancelled as a single one
 * is, unless it is no longer what was seen.
 */
export function createBulkCancel({
  workspaces,
  lists,
  context,
  cancel,
  onChange,
}: {
  readonly workspaces: Workspaces
  readonly lists: RunLists
  readonly context: () => ListContext
  readonly cancel: (run: RunRef & { readonly confirmed: boolean }) => Promise<Output<'runs:cancel'>>
  readonly onChange: (setId: string) => void
}): BulkCancel {
  const sets = new Map<string, FrozenSet>()
  const going = new Set<Promise<void>>()

  const refsOf = (order: string | undefined, runs: readonly RunRef[]): readonly RunRef[] => {
    if (order === undefined) return runs
    const list = lists.get(order)
    if (!list) throw new RundeskError('changed', 'The list has changed since the runs were chosen. Choose them again.')
    return Array.from({ length: list.total }, (_, index) => {
      const place = list.at(index)
      return { workspaceId: place?.session.folder.id ?? '', runId: place?.run.id ?? '' }
    })
  }
  const look = ({ workspaceId, runId }: RunRef): BulkItem | null => {
    const session = workspaces.session(workspaceId)
    const run = session.store.get(runId) ?? session.loose.get(runId)
    return run ? itemOf(session, run, context()) : null
  }
  const setOf = (setId: string): FrozenSet => {
    const set = sets.get(setId)
    if (!set) throw new RundeskError('not_found', 'This set of runs is no longer known. Choose the runs again.')
    return set
  }
  const keep = (set: FrozenSet): void => {
    sets.set(set.id, set)
    for (const [id, { state }] of sets) if (sets.size > keptSets && state !== 'going') sets.delete(id)
  }
  const act = async (entry: Entry, confirmed: boolean): Promise<readonly [BulkOutcome, string | null]> => {
    const { seen, version } = entry
    if (seen.way === 'refused') return ['refused', seen.reason]
    if (seen.way === 'confirm' && !confirmed)
      return ['refused', 'Left alone: whether its program is gone was not confirmed.']
    const now = look(seen)
    if (!now) return ['changed', 'It is no longer in the store.']
    if (versionOf(now) !== version) return ['changed', `It is ${now.status} now.`]
    const done = await cancel({ ...seen, confirmed: seen.way === 'confirm' })
    return done.cancelled ? ['cancelled', null] : ['changed', done.message]
  }
  const work = async (set: FrozenSet, confirmed: boolean): Promise<void> => {
    const waiting = set.entries.values()
    const next = async (): Promise<void> => {
      for (const entry of waiting) {
        const [outcome, detail] =
          set.state === 'stopped'
            ? (['skipped', 'Stopped before it was begun.'] as const)
            : await act(entry, confirmed).catch((error: unknown) => outcomeOf(error))
        entry.outcome = outcome
        entry.detail = detail
        onChange(set.id)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, next))
    set.state = 'done'
    onChange(set.id)
  }

  const handlers: BulkHandlers = {
    'runs:previewCancel': async ({ runs = [], order }) => {
      const entries: Entry[] = []
      const breath = createBreath(16)
      for (const ref of refsOf(order, runs)) {
        await breath()
        const seen = look(ref)
        if (seen) entries.push({ seen, version: versionOf(seen), outcome: null, detail: null })
      }
      const set: FrozenSet = { id: randomUUID(), entries, state: 'seen' }
      keep(set)
      const ways = { cancel: 0, confirm: 0, refused: 0 }
      for (const { seen } of entries) ways[seen.way]++
      return {
        setId: set.id,
        total: entries.length,
        ways,
        items: entries.slice(0, toldItems).map(({ seen }) => seen),
        cut: entries.length > toldItems,
      }
    },
    'runs:cancelAll': async ({ setId, confirmed }) => {
      const set = setOf(setId)
      if (set.state !== 'seen') throw new RundeskError('refused', 'These runs are being cancelled already.')
      set.state = 'going'
      const worked = work(set, confirmed).finally(() => going.delete(worked))
      going.add(worked)
      return { bulk: toBulk(set) }
    },
    'runs:bulk': async ({ setId, limit }) => {
      const set = setOf(setId)
      const rank = ({ outcome }: Entry): number => (outcome === null ? 1 : outcome === 'cancelled' ? 2 : 0)
      const items = set.entries
        .toSorted((left, right) => rank(left) - rank(right))
        .slice(0, limit)
        .map(({ seen, outcome, detail }) => ({ ...seen, outcome, detail }))
      return { bulk: toBulk(set), items }
    },
    'runs:stopBulk': async ({ setId }) => {
      const set = setOf(setId)
      if (set.state === 'going') set.state = 'stopped'
      return { bulk: toBulk(set) }
    },
  }
  return {
    handlers,
    close: async () => {
      for (const set of sets.values()) if (set.state === 'going') set.state = 'stopped'
      await Promise.all(going)
    },
  }
}

function toBulk({ id, entries, state }: FrozenSet): Bulk {
  const counts = { cancelled: 0, changed: 0, refused: 0, failed: 0, skipped: 0 }
  for (const { outcome } of entries) if (outcome !== null) counts[outcome]++
  const done = entries.filter(({ outcome }) => outcome !== null).length
  return { setId: id, total: entries.length, done, isGoing: state === 'going' || state === 'stopped', counts }
}

/** What a cancel would do to a run, by the rule of the single one. */
function itemOf(session: Session, run: ListedRun, context: ListContext): BulkItem {
  const facts: RunFacts & { readonly workflowName: string; readonly startedAt: string | null } = isNode(run)
    ? {
        ...toFacts(
          run,
          { owner: session.store.owners.ownerOf(run.id), owned: session.store.owners.isOwned(run.id) },
          { file: session.store.file, ...context },
        ),
        workflowName: run.view.workflowName,
        startedAt: run.view.startedAt,
      }
    : looseRunDetail(run, session.folder.id, [])
  const permission = cancellable(facts)
  return {
    workspaceId: session.folder.id,
    runId: run.id,
    workflowName: facts.workflowName,
    status: facts.status,
    liveness: facts.liveness,
    startedAt: facts.startedAt,
    way: permission.kind === 'allowed' ? 'cancel' : permission.kind,
    reason:
      permission.kind === 'refused' ? permission.reason : permission.kind === 'confirm' ? permission.question : null,
  }
}

/** What must still be so for the act to be what was seen: a run that only went on is the same. */
function versionOf({ status, startedAt, way }: BulkItem): string {
  return JSON.stringify([status, startedAt, way])
}

function outcomeOf(error: unknown): readonly [BulkOutcome, string | null] {
  const { code, message } = toFailure(error)
  return [code === 'not_cancellable' || code === 'needs_confirmation' ? 'changed' : 'failed', message]
}
