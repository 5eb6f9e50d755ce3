import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { defaultStaleAfterMs, livenessOf } from '../../shared/rules/liveness'
import type { Problem } from '../../shared/runs'
import { causeOf } from '../../shared/systemErrors'
import { errnoCode } from '../files/errnoCode'
import { withFileLock } from '../files/fileLock'
import { createJournal } from '../files/journal'
import { alwaysThere, type Onlooker } from '../files/onlooker'
import { createPacedLook } from '../files/pacedLook'
import { ownIdentity } from '../files/processIdentity'
import { takeBack } from '../files/takeBack'
import { type Compaction, compactRuns } from './compactRuns'
import type { HexIds } from './hexIds'
import { createHomeFallback } from './homeFallback'
import { ownerOf, readLease } from './lease'
import { createLoader, type LargeSizes, type Loading, largeSizes } from './loadRuns'
import { createOwners } from './owners'
import { createOwnWriter, type Degradation, unwritable, type WriteFailure } from './ownWriter'
import type { RunRow, StepRow, StoreLine } from './rows'
import type { RunMoment } from './runHistory'
import type { RunNode } from './runIndex'
import type { RunJournal, RunRecord } from './runJournal'
import { createRunMemory } from './runMemory'
import type { StepNode, Steps } from './runSteps'
import { toFacts } from './runView'
import { createStoredRows, type StoredRows } from './storedRows'
import { pauseOf, watchStore } from './storeWatch'

/** Which finished runs a compaction takes out: those that ended before a time. Archived ones go to a file of their own. */
export interface CompactOptions {
  readonly endedBeforeMs: number | null
  readonly archive: boolean
}

export interface RunStore extends RunJournal, StoredRows {
  readonly file: string
  /** Oldest first; while the file is read for the first time, the newest ones. */
  readonly runs: () => readonly RunNode[]
  /** Their ids as digits, by their numbers; null where one is not of hex digits, in small letters. */
  readonly hexIds: () => HexIds | null
  readonly get: (runId: string) => RunNode | undefined
  readonly stepsOf: (run: RunNode) => Promise<Steps>
  /** What each line of the run's own row tells, in the order of the file. */
  readonly moments: (run: RunNode) => Promise<readonly RunMoment[]>
  /** The run's steps, if they were read already. */
  readonly knownSteps: (run: RunNode) => Steps | undefined
  /** The run's first steps, soon: with their newest status, but nothing else that is newer than their first line. */
  readonly firstSteps: (run: RunNode, count: number) => Promise<readonly StepNode[]>
  /** Ids of the rows that the disk refused, and of their runs. */
  readonly unsavedIds: () => ReadonlySet<string>
  readonly owners: ReturnType<typeof createOwners>
  readonly problems: () => readonly Problem[]
  readonly degraded: () => Degradation | null
  /** Null once the file was read to its end. */
  readonly loading: () => Loading | null
  /** Ends the first reading early: the newest runs stay. `load` goes on with it. */
  readonly stopLoading: () => void
  /** Why the file cannot be read, or null. */
  readonly trouble: () => string | null
  readonly revision: () => number
  /** Reads the whole file; resolves when memory is as new as the file was, or the reading was stopped. */
  readonly load: () => Promise<void>
  /** Resolves when what the store does in the background is done: a snapshot, or the look whether an old one holds. */
  readonly checked: () => Promise<void>
  /** Writes the file anew, one line for each row (docs/formats.md). Throws `refused` while anyone else may be writing. */
  readonly compact: (options: CompactOptions) => Promise<Compaction>
  readonly onWriteFailure: (listener: (failure: WriteFailure) => void) => () => void
  /** Writes what is not saved, if the disk lets it, and stops watching. */
  readonly close: () => Promise<void>
}

/** How often unsaved rows are tried again, in ms. */
const flushMs = 1_000
/** Between the end of the first reading and the first look, in ms. */
const firstLookMs = 250
const goingStatuses: readonly string[] = ['running', 'pending']

/**
 * Opens `<workspace>/.agent-relay/workflow-runs.jsonl` (docs/formats.md). The rows in memory are the truth for reads:
 * a change is applied to them at once, and a refused write makes the store degraded, never forgetful. Reading changes
 * nothing in the workspace. Nothing is read before `load`; with `watch` other processes' lines are then followed live.
 * With `onlyFile` this file is the store, which nothing is written to: a claim or an append throws `refused`.
 */
export function createRunStore({
  workspaceDir,
  onlyFile,
  watch,
  staleAfterMs = () => defaultStaleAfterMs,
  snapshotDir,
  sizes = largeSizes,
  fallback,
  syncs = () => true,
  onlooker = alwaysThere,
}: {
  readonly workspaceDir: string
  readonly onlyFile?: string | undefined
  readonly watch: boolean
  /** The stale limit in force; asked each time. */
  readonly staleAfterMs?: () => number
  /** Where the snapshot of a large store is kept, so that it opens faster next time; without it none is. */
  readonly snapshotDir?: string
  readonly sizes?: LargeSizes
  /** Keeps refused rows in this home while `use` says so; what is kept there is read in any case. */
  readonly fallback?: { readonly home: string; readonly use: () => boolean }
  /** While false, appended lines are only handed to the system: a power cut may take the newest. Claims are always synced. */
  readonly syncs?: () => boolean
  /** While nobody looks, what the system does not tell of is looked for less often. */
  readonly onlooker?: Onlooker
}): RunStore {
  const relayDir = onlyFile === undefined ? join(workspaceDir, '.agent-relay') : dirname(onlyFile)
  const file = onlyFile ?? join(relayDir, 'workflow-runs.jsonl')
  const refuseOnlyFile = (): void => {
    if (onlyFile !== undefined) throw new RundeskError('refused', onlyFileWords(onlyFile))
  }
  const rundeskDir = join(relayDir, 'rundesk')
  const lockPath = join(rundeskDir, 'store.lock')
  const owners = createOwners(rundeskDir)
  const changeListeners = new Set<(runIds: ReadonlySet<string>) => void>()
  let changed = new Set<string>()
  let announcing = false
  let revision = 0
  let trouble: string | null = null
  let isFollowed = false
  let lastFlushMs = 0

  const touch = (runId: string): void => {
    revision++
    if (!loader.isReading()) changed.add(runId)
    if (announcing) return
    announcing = true
    setImmediate(() => {
      announcing = false
      const ids = changed
      changed = new Set()
      for (const listener of changeListeners) listener(ids)
    })
  }

  const memory = createRunMemory({ path: file, journal: () => journal, onChange: touch })
  const journal = createJournal({
    path: file,
    syncsHere: !watch, // Who follows the file shows it in a window.
    onLine: memory.takeFromFile,
    onReset: () => {
      loader.forget()
      memory.forgetFile()
      forgetRows()
    },
    onPlaced: memory.placeOwn,
    onProgress: (progress) => loader.progressed(progress),
  })
  const { forget: forgetRows, ...rows } = createStoredRows(memory, journal)
  const { readRow, readRows } = rows
  const loader = createLoader({ file, journal, memory, snapshotDir, sizes, onChange: () => touch('') })

  const reading = async (read: () => Promise<void>): Promise<void> => {
    try {
      await read()
      if (trouble) touch('')
      trouble = null
    } catch (error) {
      const message = unreadable(file, error)
      if (message !== trouble) touch('')
      trouble = message
    }
  }
  const refresh = (): Promise<void> => reading(() => journal.refresh())

  const writer = createOwnWriter({
    file,
    journal,
    memory,
    refresh,
    touch,
    fallback: fallback && createHomeFallback({ home: fallback.home, workspaceDir }),
    mayKeep: () => fallback?.use() ?? false,
  })

  const read = async (runId: string): Promise<RunRecord | undefined> => {
    const node = memory.view().table.index.run(runId)
    if (!node) return undefined
    const run = (await readRow(node)) as RunRow
    const nodes = await memory.stepsOf(node)
    const steps = (await readRows([...nodes.values()])) as readonly StepRow[]
    const lease = await readLease(rundeskDir, runId)
    const held = { owner: await ownerOf(lease), owned: lease !== undefined }
    return { run, steps, facts: toFacts(node, held, { file, nowMs: Date.now(), staleAfterMs: staleAfterMs() }) }
  }

  const readRun = async (runId: string): Promise<RunRow | undefined> => {
    const node = memory.view().table.index.run(runId)
    return node && ((await readRow(node)) as RunRow)
  }

  const isHeldByUs = async (runId: string): Promise<boolean> => {
    const [lease, own] = [await readLease(rundeskDir, runId), await ownIdentity()]
    return (
      lease !== undefined && lease.releasedAt === null && lease.pid === own.pid && lease.startTime === own.startTime
    )
  }

  /** A line that was cut right before its newline is whole for other readers, and for us as soon as anything is appended. */
  const endTail = async (): Promise<void> => {
    if (journal.tornTail().bytes === 0 || writer.failure()) return
    await journal.append([], 'written')
    await refresh()
  }

  const claimLocked = async <T>(runId: string, { newest, decide }: Claim<T>): Promise<void> => {
    await refresh()
    await endTail()
    if (trouble) throw new RundeskError('unreadable', trouble)
    if (loader.loading() === null) await owners.removeUnclaimed((id) => memory.run(id) !== undefined)
    const lines = decide(await newest(runId))
    if (lines.length === 0) return
    if (await isHeldByUs(runId)) {
      memory.takeOwn(lines)
      await writer.flush('synced')
      return
    }
    if (writer.failure()) await writer.recover()
    const texts = lines.map((line) => JSON.stringify(line))
    const failure = writer.failure()
    if (failure) {
      if (await writer.keep(texts, failure.error)) return
      throw new RundeskError('unreadable', `${failure.message} Nothing was changed.`)
    }
    const from = journal.position()?.size ?? 0
    const { error } = await journal.append(texts, 'synced')
    const isBack = error ? await takeBack(file, { lines: texts, from }) : false
    if (error && isBack && (await writer.keep(texts, error))) return
    await refresh()
    if (!error) return
    const outcome = isBack ? 'Nothing was changed.' : 'What was to be changed may stand there in part.'
    throw new RundeskError('unreadable', `${unwritable(file, error)} ${outcome}`)
  }

  const claimWith = async <T>(runId: string, claim: Claim<T>): Promise<void> => {
    refuseOnlyFile()
    // Locks make the folders they need, but never a workspace that vanished.
    if (!existsSync(workspaceDir)) throw new RundeskError('unreadable', `${workspaceDir} is gone. Nothing was changed.`)
    try {
      await withFileLock(lockPath, () => claimLocked(runId, claim))
    } catch (error) {
      if (errnoCode(error) === undefined) throw error
      if (!(await isHeldByUs(runId))) {
        throw new RundeskError('unreadable', `${unwritable(lockPath, error)} Nothing was changed.`, { cause: error })
      }
      memory.takeOwn(claim.decide(await claim.newest(runId)))
      await writer.flush('synced')
    }
  }

  const compactLocked = async ({ endedBeforeMs, archive }: CompactOptions): Promise<Compaction> => {
    await refresh()
    await owners.refresh()
    if (trouble) throw new RundeskError('unreadable', trouble)
    if (!journal.position())
      throw new RundeskError('not_found', `${file} does not exist, so there is nothing to compact.`)
    refuseBusy()
    const { table } = memory.view()
    const ended = ({ view }: RunNode): boolean =>
      !goingStatuses.includes(view.status) &&
      Date.parse(view.completedAt ?? view.updatedAt ?? '') < (endedBeforeMs ?? 0)
    const compaction = await compactRuns({
      file,
      table,
      journal,
      archiveDir: join(rundeskDir, 'archive'),
      leaveOut: ended,
      archive,
    })
    await refresh()
    return compaction
  }
  /** Nobody but us may write while the file is replaced. */
  const refuseBusy = (): void => {
    if (writer.failure() || !memory.own.isEmpty()) {
      throw new RundeskError('refused', `Some rows of ${file} are not saved yet. Compact it when they are.`)
    }
    for (const run of memory.view().table.index.runs()) {
      const facts = { status: run.view.status, owner: owners.ownerOf(run.id), lastActivityMs: run.lastActivityMs }
      const { liveness, reason } = livenessOf(facts, { nowMs: Date.now(), staleAfterMs: staleAfterMs() })
      if (liveness === null || liveness === 'orphaned') continue
      throw new RundeskError(
        'refused',
        `Run ${run.id} may still be written: ${reason}. Compact the store when it has ended, or mark it as failed.`,
      )
    }
  }

  const lookAgain = async (): Promise<number> => {
    const isTold = await folders.renew()
    if (!loader.isStopped()) await refresh()
    if (await owners.refresh()) touch('')
    if (writer.failure() && Date.now() - lastFlushMs >= flushMs) {
      lastFlushMs = Date.now()
      await writer.recover()
    }
    return pauseOf({
      isTold,
      isShown: onlooker.isThere(),
      isHeld: owners.isAnyHeld(),
      isUnsaved: writer.failure() !== null,
    })
  }
  const following = createPacedLook({ look: lookAgain, restMs: 100, onlooker })
  const folders = watchStore({
    workspaceDir: onlyFile === undefined ? workspaceDir : null,
    file,
    onTold: following.tell,
  })
  const state = (): Parameters<typeof memory.problems.list>[0] => ({
    trouble,
    tornTail: journal.tornTail(),
    failure: writer.failure(),
    loading: loader.loading() !== null,
  })

  return {
    workspaceDir,
    rundeskDir,
    file,
    owners,
    runs: memory.runs,
    hexIds: memory.hexIds,
    get: memory.run,
    stepsOf: memory.stepsOf,
    moments: memory.moments,
    knownSteps: memory.knownSteps,
    firstSteps: memory.firstSteps,
    statusOf: (runId) => memory.view().table.index.run(runId)?.view.status,
    unsavedIds: memory.own.refusedIds,
    read,
    ...rows,
    refresh,
    claim: (runId, decide) => claimWith(runId, { newest: read, decide }),
    readRun,
    claimRun: (runId, decide) => claimWith(runId, { newest: readRun, decide }),
    append: async (lines, durability) => {
      refuseOnlyFile()
      memory.takeOwn(lines)
      await writer.flush(syncs() ? durability : 'written')
    },
    compact: async (options) => {
      refuseOnlyFile()
      return withFileLock(lockPath, () => compactLocked(options))
    },
    onChange: (listener) => {
      changeListeners.add(listener)
      return () => changeListeners.delete(listener)
    },
    onWriteFailure: writer.onFailure,
    problems: () => memory.problems.list(state()),
    degraded: writer.degraded,
    loading: loader.loading,
    stopLoading: loader.stop,
    trouble: () => trouble,
    revision: () => revision,
    load: async () => {
      await Promise.all([reading(loader.load), owners.refresh()])
      await writer.load().catch(() => undefined) // What cannot be read there is not lost there.
      touch('')
      if (watch && !isFollowed) following.start(firstLookMs)
      isFollowed = true
    },
    checked: loader.checked,
    close: async () => {
      following.close()
      folders.close()
      if (watch || memory.own.unkept().length > 0) await writer.recover()
      await loader.close()
      await journal.close()
    },
  }
}

/** Why nothing is done with the runs of a file that was opened by itself. */
export function onlyFileWords(file: string): string {
  return `${file} was opened by itself, to be looked at only, so nothing is changed in it. Open its folder to act.`
}

/** What is read of a run under the lock, and what is appended then. */
interface Claim<T> {
  readonly newest: (runId: string) => Promise<T>
  readonly decide: (newest: T) => readonly StoreLine[]
}

function unreadable(path: string, error: unknown): string {
  if (error instanceof RundeskError) return error.message
  return `${path} cannot be read (${causeOf(error)}). Its runs are not shown. Check that it is a file that you may read.`
}
