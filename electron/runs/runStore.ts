import { join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { defaultStaleAfterMs } from '../../shared/rules/liveness'
import type { Problem } from '../../shared/runs'
import { errnoCode } from '../files/errnoCode'
import { withFileLock } from '../files/fileLock'
import { createJournal, type JournalLine } from '../files/journal'
import { withMutex } from '../files/mutex'
import { ownIdentity } from '../files/processIdentity'
import { ownerOf, readLease } from './lease'
import { createOwners } from './owners'
import { parseStoreLine } from './parseStoreLine'
import { createProblemList } from './problemList'
import type { RunRow, StepRow, StoreLine } from './rows'
import { createRowTable, type RunNode, type StepNode } from './rowTable'
import type { RunJournal, RunRecord } from './runJournal'
import { toFacts } from './runView'

/** Why rows could not be written, since when, and how many wait. */
export interface Degradation {
  readonly since: string
  readonly message: string
  readonly unsavedRows: number
}

/** A write that the disk refused. */
export interface WriteFailure {
  readonly path: string
  readonly error: Error
}

export interface RunStore extends RunJournal {
  readonly file: string
  readonly runs: () => readonly RunNode[]
  readonly get: (runId: string) => RunNode | undefined
  /** The row as its newest line has it, whole. */
  readonly readRow: (node: RunNode | StepNode) => Promise<RunRow | StepRow>
  /** The newest line's text as it stands in the file; the row's own text while it is not saved. */
  readonly readLine: (node: RunNode | StepNode) => Promise<{ readonly number: number | null; readonly text: string }>
  readonly owners: ReturnType<typeof createOwners>
  readonly problems: () => readonly Problem[]
  readonly problemCount: () => number
  readonly degraded: () => Degradation | null
  /** Null once the file was read to its end. */
  readonly loading: () => { readonly doneBytes: number; readonly totalBytes: number } | null
  /** Why the file cannot be read, or null. */
  readonly trouble: () => string | null
  readonly revision: () => number
  /** Reads the whole file; resolves when memory is as new as the file was. */
  readonly load: () => Promise<void>
  readonly onWriteFailure: (listener: (failure: WriteFailure) => void) => () => void
  /** Writes what is not saved, if the disk lets it, and stops watching. */
  readonly close: () => Promise<void>
}

/** How often files are looked at for lines of other processes, and unsaved rows are tried again, in ms. */
const pollMs = 250
const flushMs = 1_000

/**
 * Opens `<workspace>/.agent-relay/workflow-runs.jsonl` (docs/formats.md). The rows in memory are the truth for reads:
 * a change is applied to them at once, and a refused write makes the store degraded, never forgetful. Reading changes
 * nothing on disk. Nothing is read before `load`; with `watch` other processes' lines are then followed live.
 */
export function createRunStore({
  workspaceDir,
  watch,
  staleAfterMs = () => defaultStaleAfterMs,
}: {
  readonly workspaceDir: string
  readonly watch: boolean
  /** The stale limit in force; asked each time. */
  readonly staleAfterMs?: () => number
}): RunStore {
  const relayDir = join(workspaceDir, '.agent-relay')
  const file = join(relayDir, 'workflow-runs.jsonl')
  const rundeskDir = join(relayDir, 'rundesk')
  const lockPath = join(rundeskDir, 'store.lock')
  const table = createRowTable()
  const problems = createProblemList(file)
  const owners = createOwners(rundeskDir)
  const changeListeners = new Set<(runIds: ReadonlySet<string>) => void>()
  const failureListeners = new Set<(failure: WriteFailure) => void>()
  let changed = new Set<string>()
  let announcing = false
  let revision = 0
  let progress: { doneBytes: number; totalBytes: number } | null = { doneBytes: 0, totalBytes: 0 }
  let trouble: string | null = null
  let failure: { since: string; message: string } | null = null
  let unsaved: StoreLine[] = []
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let lastFlushMs = 0

  const touch = (runId: string): void => {
    revision++
    changed.add(runId)
    if (announcing) return
    announcing = true
    setImmediate(() => {
      announcing = false
      const ids = changed
      changed = new Set()
      for (const listener of changeListeners) listener(ids)
    })
  }

  const takeLine = (line: JournalLine): void => {
    const parsed = parseStoreLine(line)
    if (parsed === undefined) return
    if ('problem' in parsed) {
      problems.add(parsed.problem.code, line.number, parsed.problem.message)
      revision++
      return
    }
    const complaint = table.takeFromFile(parsed.line, line)
    if (complaint) problems.add('line_after_end', line.number, complaint)
    touch(parsed.line.kind === 'run' ? parsed.line.row.id : parsed.line.row.runId)
  }

  const journal = createJournal({
    path: file,
    onLine: takeLine,
    onReset: () => {
      table.forgetFile()
      problems.clear()
      touch('')
    },
    onProgress: (now) => {
      if (progress) progress = now
    },
  })

  const refresh = async (): Promise<void> => {
    try {
      await journal.refresh()
      trouble = null
    } catch (error) {
      const message = unreadable(file, error)
      if (message !== trouble) touch('')
      trouble = message
    }
  }

  /** Writes lines that memory already holds; what the disk refuses waits in `unsaved`, in order. */
  const write = async (lines: readonly StoreLine[], durability: 'written' | 'synced'): Promise<Error | undefined> => {
    unsaved.push(...lines)
    return flush(durability)
  }

  const flush = (durability: 'written' | 'synced'): Promise<Error | undefined> =>
    withMutex(`flush ${file}`, () => flushNow(durability))
  const flushNow = async (durability: 'written' | 'synced'): Promise<Error | undefined> => {
    const batch = unsaved
    if (batch.length === 0) return undefined
    unsaved = []
    const result = await journal.append(
      batch.map((line) => JSON.stringify(line)),
      durability,
    )
    unsaved = [...batch.slice(result.written), ...unsaved]
    if (!result.error) {
      for (const line of batch) table.markSaved(line)
      if (failure) touch('')
      failure = null
      await refresh()
      return undefined
    }
    reportFailure(result.error, batch.slice(result.written))
    return result.error
  }

  const reportFailure = (error: Error, lines: readonly StoreLine[]): void => {
    failure ??= { since: new Date().toISOString(), message: unwritable(file, error) }
    for (const line of lines) {
      table.markUnsaved(line)
      touch(line.kind === 'run' ? line.row.id : line.row.runId)
    }
    for (const listener of failureListeners) listener({ path: file, error })
  }

  const read = async (runId: string): Promise<RunRecord | undefined> => {
    const node = table.run(runId)
    if (!node) return undefined
    const run = (await readRow(node)) as RunRow
    const steps = await Promise.all([...node.steps.values()].map(async (step) => (await readRow(step)) as StepRow))
    const lease = await readLease(rundeskDir, runId)
    const held = { owner: await ownerOf(lease), owned: lease !== undefined }
    return structuredClone({
      run,
      steps,
      facts: toFacts(node, held, { file, nowMs: Date.now(), staleAfterMs: staleAfterMs() }),
    })
  }

  const readLine: RunStore['readLine'] = async (node) => {
    const waiting = node.overlay.at(-1)
    if (waiting) return { number: null, text: JSON.stringify(waiting) }
    if (!node.place) return { number: null, text: '' }
    return { number: node.place.number, text: await journal.readAt(node.place) }
  }

  const readRow = async (node: RunNode | StepNode): Promise<RunRow | StepRow> => {
    const waiting = node.overlay.at(-1)
    if (waiting) return structuredClone(waiting.row)
    const { text } = await readLine(node)
    return (JSON.parse(text.trim()) as StoreLine).row
  }

  const apply = (lines: readonly StoreLine[]): void => {
    for (const line of structuredClone(lines)) {
      table.takeOwn(line)
      touch(line.kind === 'run' ? line.row.id : line.row.runId)
    }
  }

  const isHeldByUs = async (runId: string): Promise<boolean> => {
    const [lease, own] = [await readLease(rundeskDir, runId), await ownIdentity()]
    return (
      lease !== undefined && lease.releasedAt === null && lease.pid === own.pid && lease.startTime === own.startTime
    )
  }

  const claimLocked = async (runId: string, decide: Parameters<RunJournal['claim']>[1]): Promise<void> => {
    await refresh()
    if (trouble) throw new RundeskError('unreadable', trouble)
    const lines = decide(await read(runId))
    if (lines.length === 0) return
    if (await isHeldByUs(runId)) {
      apply(lines)
      await write(lines, 'synced')
      return
    }
    if (unsaved.length > 0) await flush('synced')
    const result = failure ? { error: new Error(failure.message) } : await writeClaim(lines)
    if (result.error) throw new RundeskError('unreadable', `${unwritable(file, result.error)} Nothing was changed.`)
    await refresh()
  }
  const writeClaim = (lines: readonly StoreLine[]): Promise<{ error: Error | undefined }> =>
    journal.append(
      lines.map((line) => JSON.stringify(line)),
      'synced',
    )

  const tick = async (): Promise<void> => {
    await refresh()
    if (await owners.refresh()) touch('')
    if (unsaved.length > 0 && Date.now() - lastFlushMs >= flushMs) {
      lastFlushMs = Date.now()
      await flush('synced')
    }
    schedule()
  }
  const schedule = (): void => {
    if (closed) return
    timer = setTimeout(() => void tick(), pollMs)
    timer.unref()
  }

  return {
    workspaceDir,
    rundeskDir,
    file,
    owners,
    runs: table.runs,
    get: table.run,
    statusOf: (runId) => table.run(runId)?.view.status,
    read: async (runId) => read(runId),
    readRow,
    readLine,
    refresh,
    claim: async (runId, decide) => {
      try {
        await withFileLock(lockPath, () => claimLocked(runId, decide))
      } catch (error) {
        if (errnoCode(error) === undefined) throw error
        if (!(await isHeldByUs(runId))) {
          throw new RundeskError('unreadable', `${unwritable(lockPath, error)} Nothing was changed.`, { cause: error })
        }
        const lines = decide(await read(runId))
        apply(lines)
        await write(lines, 'synced')
      }
    },
    append: async (lines, durability) => {
      apply(lines)
      await write(structuredClone(lines), durability)
    },
    onChange: (listener) => {
      changeListeners.add(listener)
      return () => changeListeners.delete(listener)
    },
    onWriteFailure: (listener) => {
      failureListeners.add(listener)
      return () => failureListeners.delete(listener)
    },
    problems: () => problems.list({ trouble, tornTail: journal.tornTail(), failure, loading: progress !== null }),
    problemCount: () => problems.count({ trouble, tornTail: journal.tornTail(), failure, loading: progress !== null }),
    degraded: () => (failure ? { ...failure, unsavedRows: unsaved.length } : null),
    loading: () => progress,
    trouble: () => trouble,
    revision: () => revision,
    load: async () => {
      await Promise.all([refresh(), owners.refresh()])
      progress = null
      touch('')
      if (watch) schedule()
    },
    close: async () => {
      closed = true
      clearTimeout(timer)
      if (unsaved.length > 0) await flush('synced')
    },
  }
}

function unreadable(path: string, error: unknown): string {
  if (error instanceof RundeskError) return error.message
  const why = error instanceof Error ? error.message : String(error)
  return `${path} cannot be read (${errnoCode(error) ?? why}). Its runs are not shown. Check that it is a file that you may read.`
}

function unwritable(path: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error)
  return `${path} cannot be written (${errnoCode(error) ?? why}).`
}
