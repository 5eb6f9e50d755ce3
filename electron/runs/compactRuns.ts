import { createReadStream } from 'node:fs'
import { copyFile, type FileHandle, link, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from '../files/atomicWrite'
import { errnoCode } from '../files/errnoCode'
import type { Journal } from '../files/journal'
import { removeStaleTemporaries, temporaryPath } from '../files/temporaryFiles'
import { foldStep, type StepEntry } from './fold'
import { parseStoreLine } from './parseStoreLine'
import { readPlaces } from './readPlaces'
import type { RunRow, StepRow } from './rows'
import type { RunNode } from './runIndex'
import type { RunTable } from './runTable'

/** What a compaction did. Sizes in bytes. */
export interface Compaction {
  readonly bytesBefore: number
  readonly bytesAfter: number
  /** How many finished runs were taken out of the file. */
  readonly removedRuns: number
  /** The file as it was. */
  readonly copy: string
  /** Where the runs that were taken out lie; null when none were archived. */
  readonly archive: string | null
}

/**
 * Writes the run store anew with one line for each row instead of one for each change. What the other lines told, the
 * attempts of a step, is kept in its row; lines that are no rows stay as they are. The old file is kept as a copy. The
 * caller holds the store's lock and has made sure that nobody else writes; lines that somebody appends to the old file all
 * the same, until it is replaced, are carried over.
 *
 * `leaveOut` names runs that are taken out; with `archive` all their lines go to a file beside the copy. Throws the
 * system's error, with the store as it was.
 */
export async function compactRuns({
  file,
  table,
  journal,
  archiveDir,
  leaveOut,
  archive,
}: {
  readonly file: string
  readonly table: RunTable
  readonly journal: Pick<Journal, 'readBytes' | 'scan'>
  readonly archiveDir: string
  readonly leaveOut: (run: RunNode) => boolean
  readonly archive: boolean
}): Promise<Compaction> {
  const target = await realpath(file)
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
  await mkdir(archiveDir, { recursive: true, mode: 0o755 })
  await removeStaleTemporaries(dirname(target))
  const before = await stat(target)
  const copy = join(archiveDir, `workflow-runs-${stamp}.jsonl`)
  const archivePath = join(archiveDir, `archived-runs-${stamp}.jsonl`)
  const temp = temporaryPath(target)
  const kept = await openLines(temp, before.mode & 0o7777)
  let archived: LineFile | undefined
  let removedRuns = 0
  try {
    for (const text of await otherLines(table, journal)) await kept.add(text)
    for (const run of table.index.runs()) {
      if (!leaveOut(run)) {
        for (const text of await rowsOf(run, table, journal)) await kept.add(text)
        continue
      }
      removedRuns++
      if (!archive) continue
      archived ??= await openLines(archivePath, before.mode & 0o7777)
      for (const text of await linesOf(run, table, journal)) await archived.add(text)
    }
    await archived?.finish()
    await keepCopy(target, copy)
    const carried = await carryOver(target, { from: table.endOffset(), to: kept })
    await kept.finish()
    await rename(temp, target)
    await syncFolder(dirname(target))
    await appendLate(copy, { from: carried, to: target })
    return {
      bytesBefore: before.size,
      bytesAfter: (await stat(target)).size,
      removedRuns,
      copy,
      archive: archived ? archivePath : null,
    }
  } catch (error) {
    await kept.discard()
    await archived?.discard()
    throw error
  }
}

/** The newest rows of a run and its steps, the steps with their attempts. */
async function rowsOf(run: RunNode, table: RunTable, journal: Pick<Journal, 'readBytes' | 'scan'>): Promise<string[]> {
  let row: RunRow | undefined
  const steps = new Map<string, { row: StepRow; entry: StepEntry }>()
  const long: string[] = []
  await readPlaces(journal, table.linesOf(run, -1).map(table.place), (line) => {
    if (line.cut) long.push('')
    const parsed = parseStoreLine(line)
    if (!parsed || 'problem' in parsed) return
    if (parsed.line.kind === 'run') row = parsed.line.row
    else {
      const { row: step } = parsed.line
      steps.set(step.id, { row: step, entry: foldStep(steps.get(step.id)?.entry, step) })
    }
  })
  if (long.length > 0) return linesOf(run, table, journal) // A very long line is only known cut: all stay as they are.
  const lines = row ? [JSON.stringify({ kind: 'run', row })] : []
  for (const { row: step, entry } of steps.values()) {
    if (table.index.ownerOf(step.id)?.id !== run.id) continue
    const attempts = entry.attempts.length > 0 ? { rundesk: { ...step.rundesk, attempts: entry.attempts } } : {}
    lines.push(JSON.stringify({ kind: 'step', row: { ...step, ...attempts } }))
  }
  return lines
}

/** All lines of a run as they stand. */
async function linesOf(run: RunNode, table: RunTable, journal: Pick<Journal, 'readBytes' | 'scan'>): Promise<string[]> {
  const lines: string[] = []
  for (const line of table.linesOf(run, -1)) {
    const bytes = await journal.readBytes(table.place(line))
    lines.push(bytes.toString('utf8').trim())
  }
  return lines
}

/** The lines that belong to no listed run: those that are no rows, and steps whose run has no line. */
async function otherLines(table: RunTable, journal: Pick<Journal, 'readBytes' | 'scan'>): Promise<string[]> {
  const known = new Uint8Array(table.size())
  for (const run of table.index.runs()) for (const line of table.linesOf(run, -1)) known[line] = 1
  const lines: string[] = []
  for (let line = 0; line < known.length; line++) {
    if (known[line] === 1) continue
    const text = (await journal.readBytes(table.place(line))).toString('utf8').trim()
    if (text !== '') lines.push(text)
  }
  return lines
}

interface LineFile {
  readonly add: (text: string) => Promise<void>
  readonly addBytes: (bytes: Buffer) => Promise<void>
  readonly finish: () => Promise<void>
  readonly discard: () => Promise<void>
}

const flushBytes = 1024 * 1024

async function openLines(path: string, mode: number): Promise<LineFile> {
  const handle: FileHandle = await open(path, 'wx', mode)
  let waiting: string[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    const text = waiting.join('')
    waiting = []
    bytes = 0
    if (text !== '') await handle.writeFile(text)
  }
  return {
    add: async (text) => {
      waiting.push(`${text}\n`)
      bytes += text.length + 1
      if (bytes > flushBytes) await flush()
    },
    addBytes: async (data) => {
      await flush()
      await handle.writeFile(data)
    },
    finish: async () => {
      await flush()
      await handle.sync()
      await handle.close()
    },
    discard: async () => {
      await handle.close().catch(() => undefined)
      await rm(path, { force: true }).catch(() => undefined)
    },
  }
}

/** The old file under a second name; where the file system has no links, its content. */
async function keepCopy(file: string, copy: string): Promise<void> {
  try {
    await link(file, copy)
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') throw error
    await copyFile(file, copy)
  }
  await syncFolder(dirname(copy))
}

/** Bytes that stand behind what was read, a torn line among them. Gives where they end. */
async function carryOver(
  file: string,
  { from, to }: { readonly from: number; readonly to: LineFile },
): Promise<number> {
  let end = from
  for await (const chunk of createReadStream(file, { start: from })) {
    await to.addBytes(chunk as Buffer)
    end += (chunk as Buffer).length
  }
  return end
}

/** What others appended to the old file while it was replaced. */
async function appendLate(copy: string, { from, to }: { readonly from: number; readonly to: string }): Promise<void> {
  const late: Buffer[] = []
  for await (const chunk of createReadStream(copy, { start: from })) late.push(chunk as Buffer)
  if (late.length === 0) return
  const handle = await open(to, 'a')
  try {
    await handle.writeFile(Buffer.concat(late))
    await handle.sync()
  } finally {
    await handle.close()
  }
}
