import { dirname } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import type { SourceBulkAct, SourceBulkOutcome } from '../../shared/sourceBulk'
import { causeOf } from '../../shared/systemErrors'
import { createJournal } from '../files/journal'
import { lineText } from '../files/lineReader'
import { makePrivateFolder, narrow } from '../files/privateFolder'
import { takeBack } from '../files/takeBack'
import { type ActLedgerLine, type FrozenRun, parseActLedgerLine } from './actLedgerLines'

/** A run of a bulk act, and what the ledger knows of it. */
export interface LedgerRun extends FrozenRun {
  /** Was it begun? Without an outcome nobody knows then what became of it. */
  readonly begun: boolean
  readonly outcome: SourceBulkOutcome | null
  readonly detail: string | null
  readonly at: string | null
}

export interface LedgerAct {
  readonly id: string
  readonly act: SourceBulkAct
  readonly sourceId: string
  readonly sourceName: string
  readonly by: string
  readonly reason: string | null
  readonly confirmed: boolean
  readonly startedAt: string
  readonly endedAt: string | null
  readonly stopped: string | null
  /** In the order in which they were chosen. */
  readonly runs: readonly LedgerRun[]
}

/** The bulk acts on runs of sources, written ahead, shared by all processes of the data folder. */
export interface ActLedger {
  /** Takes in what other processes wrote. */
  readonly refresh: () => Promise<void>
  /** Oldest first. */
  readonly acts: () => readonly LedgerAct[]
  readonly act: (id: string) => LedgerAct | undefined
  /** Appends and syncs. Throws `unreadable` when the disk refuses: then the act must not happen. */
  readonly write: (lines: readonly ActLedgerLine[]) => Promise<void>
  readonly close: () => Promise<void>
}

type Changing<T> = { -readonly [K in keyof T]: T[K] }
interface Known extends Changing<Omit<LedgerAct, 'runs'>> {
  readonly runs: Changing<LedgerRun>[]
  readonly byId: Map<string, Changing<LedgerRun>>
}

/** Opens the ledger of this path. Nothing is read before the first `refresh`; the file is made with the first line. */
export function createActLedger(path: string): ActLedger {
  const known = new Map<string, Known>()
  const take = (text: string): void => {
    const line = parseActLedgerLine(text)
    if (line) fold(known, line)
  }
  const journal = createJournal({
    path,
    mode: 0o600,
    onLine: (line) => take(lineText(line)),
    onReset: () => known.clear(),
  })
  let prepared: Promise<void> | undefined
  const prepare = async (): Promise<void> => {
    await makePrivateFolder(dirname(path))
    await narrow(path)
  }
  return {
    refresh: () => journal.refresh(),
    acts: () => [...known.values()],
    act: (id) => known.get(id),
    write: async (lines) => {
      prepared ??= prepare()
      await prepared
      const texts = lines.map((line) => JSON.stringify(line))
      const from = journal.position()?.size ?? 0
      const { error } = await journal.append(texts, 'synced')
      if (error) {
        prepared = undefined
        await takeBack(path, { lines: texts, from })
        await journal.refresh().catch(() => undefined)
        throw new RundeskError(
          'unreadable',
          `${path} cannot be written (${causeOf(error)}), so nothing is done that it could not tell of.`,
          { cause: error },
        )
      }
      await journal.refresh()
    },
    close: () => journal.close(),
  }
}

function fold(known: Map<string, Known>, line: ActLedgerLine): void {
  if (line.kind === 'begin') {
    const { id, at, act, sourceId, sourceName, by, reason, confirmed } = line
    const runs = line.runs.map((run) => ({ ...run, begun: false, outcome: null, detail: null, at: null }))
    const byId = new Map(runs.map((run) => [run.runId, run]))
    const facts = { id, act, sourceId, sourceName, by, reason, confirmed, startedAt: at }
    if (!known.has(id)) known.set(id, { ...facts, endedAt: null, stopped: null, runs, byId })
    return
  }
  const act = known.get(line.id)
  if (!act) return
  if (line.kind === 'end') {
    act.endedAt ??= line.at
    act.stopped ??= line.stopped
    return
  }
  const run = act.byId.get(line.runId)
  if (!run) return
  if (line.kind === 'begun') run.begun = true
  else Object.assign(run, { outcome: line.outcome, detail: line.detail, at: line.at })
}
