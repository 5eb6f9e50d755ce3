import { join } from 'node:path'
import type { TrajectoryPlace, TrajectorySummary } from '../../shared/trajectories'
import type { FileFacts, FileSummary, ScannedFile } from './readFacts'
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

/**
 * The records of a folder by id, newest first. Of several files with one id the one that ended, else started, last
 * counts. `compactions` are what the index tells, besides the markers.
 */
export function listTrajectories(
  root: string,
  files: ReadonlyMap<string, ScannedFile>,
  compactions: ReadonlyMap<string, string>,
): ReadonlyMap<string, ListedTrajectory> {
  const byId = new Map<string, Candidate[]>()
  const markers = new Map<string, string>()
  for (const [path, { facts }] of files) {
    const candidate = toCandidate(path, facts)
    if (candidate) {
      const others = byId.get(candidate.file.id)
      if (others) others.push(candidate)
      else byId.set(candidate.file.id, [candidate])
    }
    if (facts.kind === 'marker') markers.set(facts.id, facts.compactedInto)
  }
  const winners = [...byId.values()].flatMap((candidates): ListedTrajectory[] => {
    const [winner, ...others] = candidates.length === 1 ? candidates : [...candidates].sort(laterFirst)
    if (!winner) return []
    const { path, file } = winner
    const { problems: _problems, ...summary } = file
    const compactedInto = markers.get(file.id) ?? compactions.get(file.id) ?? null
    const shown = { ...summary, place: placeOf(path), path: join(root, path), compactedInto }
    return [{ path, file, shown, copies: others.map((other) => other.path) }]
  })
  return new Map(winners.sort(newestFirst).map((winner) => [winner.file.id, winner]))
}

interface Candidate {
  readonly path: string
  readonly file: FileSummary
}

function toCandidate(path: string, facts: FileFacts): Candidate | undefined {
  return facts.kind === 'trajectory' ? { path, file: facts.summary } : undefined
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

function newestFirst({ file: left }: ListedTrajectory, { file: right }: ListedTrajectory): number {
  return compareText(right.startedAt ?? '', left.startedAt ?? '') || compareText(left.id, right.id)
}

function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
