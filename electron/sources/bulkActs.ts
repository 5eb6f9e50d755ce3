import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { dropOldest } from '../../shared/rules/dropOldest'
import { mostBulkRuns, type SourceBulkAct, type SourceBulkItem, type SourceBulkPreview } from '../../shared/sourceBulk'
import type { SourceAsk, SourceRun } from '../../shared/sourceRuns'
import { isLockHeld, withFileLock } from '../files/fileLock'
import { createActLedger, type LedgerAct } from './actLedger'
import type { FrozenRun } from './actLedgerLines'
import { type BulkRun, runBulk } from './bulkRun'
import type { RunSource } from './source'

/** What to freeze: the runs with these ids, or all that are asked for. */
export interface BulkTarget {
  readonly sourceId: string
  readonly act: SourceBulkAct
  readonly runIds?: readonly string[] | undefined
  readonly ask?: SourceAsk | undefined
}

/** A bulk act as the ledger keeps it, and whether somebody does it now. */
export interface ShownAct extends LedgerAct {
  readonly state: 'running' | 'interrupted' | 'ended'
}

/** Acts on many runs of a source: on exactly the frozen set, with a line in the ledger before each act and after it. */
export interface BulkActs {
  readonly preview: (target: BulkTarget, signal: AbortSignal) => Promise<SourceBulkPreview>
  /** Begins with a frozen set; it is not acted on twice. Throws `not_found`, and `unreadable` when the ledger cannot be written. */
  readonly start: (
    setId: string,
    how: { readonly confirmed: boolean; readonly reason: string | null },
  ) => Promise<ShownAct>
  /** Newest first. */
  readonly all: () => Promise<readonly ShownAct[]>
  /** Throws `not_found`. */
  readonly get: (id: string) => Promise<ShownAct>
  /** Goes on with an interrupted one. Throws `changed` for any other. */
  readonly resume: (id: string) => Promise<ShownAct>
  /** Begins no other run; one that was interrupted is closed. Throws `changed` where another process does it. */
  readonly stop: (id: string) => Promise<ShownAct>
  /** Resolves when this process no longer works on it. */
  readonly settled: (id: string) => Promise<void>
  /** Begins no other run, waits for those that were begun, and leaves the rest interrupted. */
  readonly close: () => Promise<void>
}

interface FrozenSet {
  readonly target: BulkTarget
  readonly runs: readonly FrozenRun[]
}

/** So many sets are kept, so many runs of a preview are told, so many are asked for at once. */
const [keptSets, toldItems, pageLength] = [8, 500, 200]

/** The bulk acts of a data folder; its ledger is `sources/ledger.jsonl` there. */
export function createBulkActs({
  dataDir,
  by,
  source,
  onChange,
}: {
  readonly dataDir: string
  readonly by: string
  /** Throws `not_found`. */
  readonly source: (sourceId: string) => { readonly name: string; readonly source: RunSource }
  readonly onChange: (id: string) => void
}): BulkActs {
  const folder = join(dataDir, 'sources')
  const ledger = createActLedger(join(folder, 'ledger.jsonl'))
  const sets = new Map<string, FrozenSet>()
  const going = new Map<string, BulkRun>()
  const lockOf = (id: string): string => join(folder, `${id}.lock`)

  const show = async (act: LedgerAct): Promise<ShownAct> => {
    if (act.endedAt !== null) return { ...act, state: 'ended' }
    const isRunning = going.has(act.id) || (await isLockHeld(lockOf(act.id)))
    return { ...act, state: isRunning ? 'running' : 'interrupted' }
  }
  const get = async (id: string): Promise<ShownAct> => {
    await ledger.refresh()
    const act = ledger.act(id)
    if (!act) throw new RundeskError('not_found', `There is no operation ${JSON.stringify(id)} on runs of a source.`)
    return show(act)
  }
  /** Works on it in the background, alone among all processes; with `skip` only what was begun is looked at. */
  const work = (id: string, skip: boolean): void => {
    const run = runBulk({
      ledger,
      id,
      source: () => source(ledger.act(id)?.sourceId ?? '').source,
      skip,
      alone: (action) => withFileLock(lockOf(id), action, { waitMs: 2_000 }),
      onChange: () => onChange(id),
    })
    going.set(id, run)
    const settle = (): void => {
      going.delete(id)
      onChange(id)
    }
    run.done.then(settle, settle)
  }

  return {
    preview: async (target, signal) => {
      const { runs: found, more } = await findRuns(source(target.sourceId).source, target, signal)
      const runs = found.map((run) => freeze(run, target.act))
      const setId = randomUUID()
      sets.set(setId, { target, runs: runs.map(({ frozen }) => frozen) })
      dropOldest(sets, keptSets)
      const ways = { act: 0, confirm: 0, refused: 0 }
      for (const { item } of runs) ways[item.way]++
      const items = runs.slice(0, toldItems).map(({ item }) => item)
      return { setId, total: runs.length, ways, items, cut: runs.length > toldItems, more }
    },
    start: async (setId, { confirmed, reason }) => {
      const set = sets.get(setId)
      if (!set) throw new RundeskError('not_found', 'This set of runs is no longer known. Choose the runs again.')
      const { sourceId, act } = set.target
      const { name: sourceName } = source(sourceId)
      sets.delete(setId)
      const facts = { act, sourceId, sourceName, by, reason, confirmed, runs: [...set.runs] }
      await ledger.write([{ kind: 'begin', version: 1, id: setId, at: new Date().toISOString(), ...facts }])
      work(setId, false)
      return get(setId)
    },
    all: async () => {
      await ledger.refresh()
      return Promise.all(ledger.acts().toReversed().map(show))
    },
    get,
    resume: async (id) => {
      const { state, sourceId } = await get(id)
      if (state !== 'interrupted')
        throw new RundeskError('changed', `The operation ${id} is ${state}, so there is nothing to go on with.`)
      source(sourceId)
      work(id, false)
      return get(id)
    },
    stop: async (id) => {
      const own = going.get(id)
      if (own) {
        await own.stop('Ended by a person before everything was done.')
        return get(id)
      }
      const { state, sourceId } = await get(id)
      if (state === 'running')
        throw new RundeskError('changed', `Another Rundesk does the operation ${id}. Stop it there.`)
      if (state === 'ended') return get(id)
      source(sourceId)
      work(id, true)
      await going.get(id)?.done
      return get(id)
    },
    settled: async (id) => going.get(id)?.done,
    close: async () => {
      for (const run of going.values()) run.interrupt()
      await Promise.all([...going.values()].map(({ done }) => done.catch(() => undefined)))
      await ledger.close()
    },
  }
}

/** The runs of the target as they are now, those that are gone left out; `more` when there are more than one set holds. */
async function findRuns(
  source: RunSource,
  { runIds, ask }: BulkTarget,
  signal: AbortSignal,
): Promise<{ readonly runs: readonly SourceRun[]; readonly more: boolean }> {
  const runs = new Map<string, SourceRun>()
  for (const runId of runIds ?? []) {
    const run = await source.run(runId, signal)
    if (run) runs.set(runId, run)
  }
  if (!ask) return { runs: [...runs.values()], more: false }
  let held: string | undefined
  for (let offset = 0; ; offset += pageLength) {
    const page = await source.runs(
      { ...ask, offset, limit: pageLength, ...(held === undefined ? {} : { held }) },
      signal,
    )
    held ??= page.held
    for (const run of page.rows) if (runs.size < mostBulkRuns) runs.set(run.id, run)
    if (!page.more) return { runs: [...runs.values()], more: false }
    if (runs.size >= mostBulkRuns) return { runs: [...runs.values()], more: true }
  }
}

function freeze(
  { id: runId, workflowName, status, createdAt, version, acts }: SourceRun,
  act: SourceBulkAct,
): { readonly frozen: FrozenRun; readonly item: SourceBulkItem } {
  const permission = acts[act]
  const way = permission.kind === 'allowed' ? 'act' : permission.kind
  const reason =
    permission.kind === 'refused' ? permission.reason : permission.kind === 'confirm' ? permission.question : null
  return {
    frozen: { runId, workflowName, version, way, reason },
    item: { runId, workflowName, status, createdAt, way, reason },
  }
}
