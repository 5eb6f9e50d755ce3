import { activityOf } from '../../shared/rules/activity'
import { type GroupVerdict, groupState } from '../../shared/rules/groupState'
import { type GroupNote, settledStates, type WritebackGroup, type WritebackItem } from '../../shared/writebacks'
import type { FoldedItem } from './foldItem'

/** What people said about a cause, wherever it happens. */
export interface Said {
  readonly verdict: GroupVerdict | null
  readonly notes: readonly GroupNote[]
}

/** What of a cause is there. */
export interface Gathered {
  readonly key: string
  readonly first: WritebackItem
  readonly mounts: Set<string>
  count: number
  undelivered: number
  readonly failedMs: number[]
}

/** So many times of a cause make its plot; more are left out evenly. */
const plotted = 20_000

export function isUndelivered(item: WritebackItem): boolean {
  return !settledStates.includes(item.state)
}

/** Adds an item to its cause. */
export function gather(groups: Map<string, Gathered>, { item, failedMs }: FoldedItem): void {
  let group = groups.get(item.groupKey)
  if (!group) {
    group = { key: item.groupKey, first: item, mounts: new Set(), count: 0, undelivered: 0, failedMs: [] }
    groups.set(item.groupKey, group)
  }
  group.count++
  if (isUndelivered(item)) group.undelivered++
  group.mounts.add(item.mount)
  const { length } = failedMs
  const first = failedMs[0]
  const last = failedMs[length - 1]
  if (group.failedMs.length < plotted) for (const time of failedMs) group.failedMs.push(time)
  else if (first !== undefined && last !== undefined) group.failedMs.push(first, last)
}

/** A cause as it is shown. */
export function toGroup(gathered: Gathered, said: Said, nowMs: number): WritebackGroup {
  const { key, first, mounts, count, undelivered, failedMs } = gathered
  const { counts, fromMs, bucketMs } = activityOf(failedMs)
  let lastMs: number | null = null
  for (const time of failedMs) if (lastMs === null || time > lastMs) lastMs = time
  const state = groupState(said.verdict, { undelivered, lastFailedMs: lastMs }, nowMs)
  const until = said.verdict?.untilMs ?? null
  return {
    key,
    class: first.class,
    title: first.message ?? 'No error is recorded',
    count,
    undelivered,
    firstFailedAt: toIso(fromMs),
    lastFailedAt: toIso(lastMs),
    provider: first.provider,
    mounts: mounts.size,
    activity: [...counts],
    activityFrom: toIso(fromMs),
    activityBucketMs: bucketMs,
    state,
    ignoredUntil: state === 'ignored' ? toIso(until) : null,
    notes: said.notes.map((note) => ({ ...note })),
  }
}

/** The newest verdict and all notes of several mounts: a cause that spans mounts is one. */
export function mergeSaid(parts: readonly Said[]): Said {
  let verdict: GroupVerdict | null = null
  const notes = new Map<string, GroupNote>()
  for (const part of parts) {
    if (part.verdict && (verdict === null || part.verdict.atMs > verdict.atMs)) verdict = part.verdict
    for (const note of part.notes) notes.set(note.id, note)
  }
  return { verdict, notes: [...notes.values()].sort((left, right) => (left.at < right.at ? -1 : 1)) }
}

function toIso(ms: number | null): string | null {
  return ms === null || !Number.isFinite(ms) ? null : new Date(ms).toISOString()
}
