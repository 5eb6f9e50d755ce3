import { sep } from 'node:path'
import type { TrajectoryPlace, TrajectorySummary } from '../../shared/trajectories'
import type { FileSummary, ScannedFile } from './readFacts'
import { placeOf } from './trajectoryPaths'

/** The record that counts for an id, and the copies that do not. */
export interface ListedTrajectory {
  /** Relative to the root. */
  readonly path: string
  readonly file: FileSummary
  readonly shown: TrajectorySummary
  readonly copies: readonly string[]
}

const placeOrder: readonly TrajectoryPlace[] = [
  'completed',
  'active',
  'compacted',
  'elsewhere',
  'quarantine',
  'invalid',
]

/** The records of a folder. */
export interface TrajectoryList {
  /** Changes with saves. */
  readonly byId: Map<string, ListedTrajectory>
  /** Newest first. */
  readonly shown: readonly TrajectorySummary[]
}

/**
 * The records of a folder. Of several files with one id the one that ended, else started, last
 * counts. `compactions` are what the index tells, besides the markers.
 */
export function listTrajectories(
  root: string,
  files: ReadonlyMap<string, ScannedFile>,
  compactions: ReadonlyMap<string, string>,
): TrajectoryList {
  const markers = new Map<string, string>()
  const winners = new Map<string, Candidate>()
  const copies = new Map<string, string[]>()
  for (const [path, { facts }] of files) {
    if (facts.kind === 'marker') markers.set(facts.id, facts.compactedInto)
    if (facts.kind !== 'trajectory') continue
    const candidate = { path, file: facts.summary }
    const { id } = facts.summary
    const other = winners.get(id)
    if (!other) {
      winners.set(id, candidate)
      continue
    }
    const [winner, loser] = laterFirst(candidate, other) < 0 ? [candidate, other] : [other, candidate]
    winners.set(id, winner)
    copies.set(id, [...(copies.get(id) ?? []), loser.path])
  }
  const list = [...winners.values()].map(({ path, file }): ListedTrajectory => {
    const compactedInto = markers.get(file.id) ?? compactions.get(file.id) ?? null
    const shown = show(`${root}/${path}`, file, { place: placeOf(path), compactedInto })
    return { path, file, shown, copies: copies.get(file.id) ?? [] }
  })
  const sorted = list.sort((left, right) => newestFirst(left.shown, right.shown))
  return {
    byId: new Map(sorted.map((trajectory) => [trajectory.shown.id, trajectory])),
    shown: sorted.map(({ shown }) => shown),
  }
}

/**
 * The list with one record saved, without looking at the others; undefined when there are other copies of it, so that
 * the list must be made anew.
 */
export function withSaved(
  root: string,
  list: TrajectoryList,
  { path, file, removed }: { readonly path: string; readonly file: FileSummary; readonly removed: readonly string[] },
): TrajectoryList | undefined {
  const before = list.byId.get(file.id)
  const left = before ? [before.path, ...before.copies].filter((copy) => copy !== path && !removed.includes(copy)) : []
  if (left.length > 0) return undefined
  const compactedInto = before?.shown.compactedInto ?? null
  const shown = show(`${root}/${path}`, file, { place: placeOf(path), compactedInto })
  const others = before ? list.shown.toSpliced(placeIn(list.shown, before.shown), 1) : list.shown
  list.byId.set(file.id, { path, file, shown, copies: [] })
  return { byId: list.byId, shown: others.toSpliced(placeIn(others, shown), 0, shown) }
}

/** Where in a sorted list the record is, or belongs. */
function placeIn(sorted: readonly TrajectorySummary[], wanted: TrajectorySummary): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const one = sorted[middle]
    if (one && newestFirst(one, wanted) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Written out, because copying by spreading costs ten times as much for thousands of records. */
function show(
  path: string,
  file: FileSummary,
  { place, compactedInto }: Pick<TrajectorySummary, 'place' | 'compactedInto'>,
): TrajectorySummary {
  return {
    id: file.id,
    kind: file.kind,
    title: file.title,
    status: file.status,
    startedAt: file.startedAt,
    completedAt: file.completedAt,
    place,
    path: sep === '/' ? path : path.replaceAll('/', sep),
    runId: file.runId,
    agents: file.agents,
    chapterCount: file.chapterCount,
    eventCount: file.eventCount,
    decisionCount: file.decisionCount,
    tags: file.tags,
    compactedInto,
    problemCount: file.problemCount,
  }
}

interface Candidate {
  readonly path: string
  readonly file: FileSummary
}

function laterFirst(left: Candidate, right: Candidate): number {
  return (
    endOf(right.file) - endOf(left.file) ||
    placeOrder.indexOf(placeOf(left.path)) - placeOrder.indexOf(placeOf(right.path)) ||
    compareText(left.path, right.path)
  )
}

function endOf({ completedAt, startedAt }: FileSummary): number {
  const ms = Date.parse(completedAt ?? startedAt ?? '')
  return Number.isNaN(ms) ? 0 : ms
}

/** The order in which records came to be. */
export function oldestFirst({ shown: left }: ListedTrajectory, { shown: right }: ListedTrajectory): number {
  return compareText(left.startedAt ?? '', right.startedAt ?? '') || compareText(left.id, right.id)
}

function newestFirst(left: TrajectorySummary, right: TrajectorySummary): number {
  return compareText(right.startedAt ?? '', left.startedAt ?? '') || compareText(left.id, right.id)
}

function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
