import { join } from 'node:path'
import { statOf } from '../files/boundedRead'
import { createBreath } from '../files/breath'
import { isObject } from './fieldReader'
import type { IndexLine } from './indexJournal'
import { fromIndexPath, leadsTo, toIndexPath } from './indexPaths'
import { type FileSummary, readFacts } from './readFacts'

/** What an index tells of one record. */
export type IndexFacts = Pick<FileSummary, 'title' | 'status' | 'startedAt' | 'completedAt'> & {
  /** Relative to the root. */
  readonly path: string
  readonly compactedInto?: string | undefined
}

/** The entry of a record: the facts first, as the other tools write them; what else stood in the old entry is kept. */
export function toEntry(root: string, facts: IndexFacts, before: unknown): Record<string, unknown> {
  const { title: _t, status: _s, startedAt: _a, completedAt: _c, path: _p, compactedInto, ...rest } = toObject(before)
  const into = facts.compactedInto ?? compactedInto
  return {
    title: facts.title,
    status: facts.status,
    startedAt: facts.startedAt ?? '',
    ...(facts.completedAt === null ? {} : { completedAt: facts.completedAt }),
    path: toIndexPath(root, facts.path),
    ...(into === undefined ? {} : { compactedInto: into }),
    ...rest,
  }
}

function toObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? { ...value } : {}
}

/** Does the entry say what the facts say? Its path may be written in any form that leads to the same file. */
export function saysTheSame(root: string, entry: unknown, facts: IndexFacts): boolean {
  if (!isObject(entry)) return false
  return (
    entry.title === facts.title &&
    entry.status === facts.status &&
    entry.startedAt === (facts.startedAt ?? '') &&
    (entry.completedAt ?? null) === facts.completedAt &&
    leadsTo(root, entry.path, facts.path) &&
    (facts.compactedInto === undefined || entry.compactedInto === facts.compactedInto)
  )
}

/**
 * Brings the saves of all Rundesk processes into the entries; gives how many entries changed. What another tool did
 * since is not undone: a line counts only while its file is there, and a file that is newer than its line is read.
 */
export async function mergeLines(
  root: string,
  entries: Map<string, unknown>,
  lines: ReadonlyMap<string, IndexLine>,
): Promise<number> {
  let changed = 0
  const breathe = createBreath()
  for (const [id, line] of lines) {
    await breathe()
    const entry = entries.get(id)
    if (line.removed) {
      if (entry !== undefined && !(await isThere(root, entry))) changed += entries.delete(id) ? 1 : 0
      continue
    }
    const facts: IndexFacts = line
    if (entry !== undefined && saysTheSame(root, entry, facts)) continue
    const newest = await newestFacts(root, line)
    if (!newest || (entry !== undefined && saysTheSame(root, entry, newest))) continue
    entries.set(id, toEntry(root, newest, entry))
    changed++
  }
  return changed
}

async function isThere(root: string, entry: unknown): Promise<boolean> {
  const path = isObject(entry) ? fromIndexPath(root, entry.path) : null
  return path !== null && (await statOf(join(root, path)).catch(() => undefined)) !== undefined
}

/** What holds now of a saved record; undefined when its file is no longer where it was saved. */
async function newestFacts(root: string, line: IndexLine): Promise<IndexFacts | undefined> {
  const path = fromIndexPath(root, line.path)
  if (path === null) return undefined
  const stats = await statOf(join(root, path)).catch(() => undefined)
  if (!stats?.isFile()) return undefined
  if (stats.mtimeMs <= Date.parse(line.at) + 1) return line
  const file = await readFacts(root, path)
  return file?.facts.kind === 'trajectory'
    ? { ...file.facts.summary, path, compactedInto: line.compactedInto }
    : undefined
}
