import type { ListedFolder } from './folderScan'
import type { FileSummary, ScannedFile } from './readFacts'
import { fileIdOf } from './trajectoryPaths'

/** A folder as a line of the cache: short, because reading the cache is most of what a new process has to do. */
export type CachedFolder = readonly [
  path: string,
  mtimeMs: number,
  listedAtMs: number,
  files: readonly string[],
  folders: readonly string[],
  outside: readonly string[],
]

/** A file as a line of the cache. What is null is what goes without saying. */
export type CachedFile = readonly [
  path: string,
  ino: number,
  size: number,
  mtimeMs: number,
  readAtMs: number,
  kind: 'trajectory' | 'compacted' | 'marker' | 'other',
  id: string | null,
  title: string,
  status: string,
  startedAt: string | null,
  completedAt: string | null,
  runId: string | null,
  agents: FileSummary['agents'],
  chapterCount: number,
  eventCount: number,
  decisionCount: number,
  tags: FileSummary['tags'] | null,
  problemCount: number,
  problems: FileSummary['problems'] | null,
]

/** Only Rundesk writes the cache, and whole: what is checked is that the line is of this shape at all. */
export function isCachedFolder(line: unknown): line is CachedFolder {
  return Array.isArray(line) && line.length === 6 && typeof line[0] === 'string' && Array.isArray(line[5])
}

export function isCachedFile(line: unknown): line is CachedFile {
  return Array.isArray(line) && line.length === 19 && typeof line[0] === 'string' && typeof line[7] === 'string'
}

export function toCachedFolder(path: string, folder: ListedFolder): CachedFolder {
  return [path, folder.mtimeMs, folder.listedAtMs, folder.files, folder.folders, folder.outside]
}

export function fromCachedFolder([path, mtimeMs, listedAtMs, files, folders, outside]: CachedFolder): [
  string,
  ListedFolder,
] {
  return [path, { mtimeMs, listedAtMs, files, folders, outside }]
}

export function toCachedFile(path: string, { stamp, readAtMs, facts }: ScannedFile): CachedFile {
  const { ino, size, mtimeMs } = stamp
  if (facts.kind !== 'trajectory') {
    const [id, into] = facts.kind === 'marker' ? [facts.id, facts.compactedInto] : [null, '']
    return [path, ino, size, mtimeMs, readAtMs, facts.kind, id, into, '', null, null, null, [], 0, 0, 0, null, 0, null]
  }
  const { summary } = facts
  return [
    path,
    ino,
    size,
    mtimeMs,
    readAtMs,
    summary.kind,
    summary.id === fileIdOf(path) ? null : summary.id,
    summary.title,
    summary.status,
    summary.startedAt,
    summary.completedAt,
    summary.runId,
    summary.agents,
    summary.chapterCount,
    summary.eventCount,
    summary.decisionCount,
    summary.tags.length === 0 ? null : summary.tags,
    summary.problemCount,
    summary.problems.length === 0 ? null : summary.problems,
  ]
}

export function fromCachedFile(line: CachedFile): [string, ScannedFile] {
  const [path, ino, size, mtimeMs, readAtMs, kind, id, title] = line
  const stamp = { ino, size, mtimeMs }
  if (kind === 'other') return [path, { stamp, readAtMs, facts: { kind } }]
  if (kind === 'marker') return [path, { stamp, readAtMs, facts: { kind, id: id ?? '', compactedInto: title } }]
  const summary: FileSummary = {
    id: id ?? fileIdOf(path),
    kind,
    title,
    status: line[8],
    startedAt: line[9],
    completedAt: line[10],
    runId: line[11],
    agents: line[12],
    chapterCount: line[13],
    eventCount: line[14],
    decisionCount: line[15],
    tags: line[16] ?? [],
    problemCount: line[17],
    problems: line[18] ?? [],
  }
  return [path, { stamp, readAtMs, facts: { kind: 'trajectory', summary } }]
}
