import { join } from 'node:path'
import { causeOf } from '../../shared/systemErrors'
import type { TrajectoryContent } from '../../shared/trajectories'
import { isMissing, readBounded, readNow, type Stamp } from '../files/boundedRead'
import { errnoCode } from '../files/errnoCode'
import { isObject } from './fieldReader'
import type { Reading } from './reading'
import { readTrajectory, unreadableTrajectory } from './readTrajectory'
import { fileIdOf, isExpectedThere, roleOf } from './trajectoryPaths'

/** The part of a reading that memory keeps of every file. */
export type FileSummary = Omit<Reading, Exclude<keyof TrajectoryContent, 'problems'>>

/** What one file of the folder tells. */
export type FileFacts =
  | { readonly kind: 'trajectory'; readonly summary: FileSummary }
  | { readonly kind: 'marker'; readonly id: string; readonly compactedInto: string }
  /** A file that is none of ours: remembered so that it is not read again. */
  | { readonly kind: 'other' }

export interface ScannedFile {
  readonly stamp: Stamp
  readonly readAtMs: number
  readonly facts: FileFacts
}

interface Parsed {
  readonly stamp: Stamp
  readonly value: unknown
  /** Why there is no value, or null. */
  readonly trouble: string | null
}

const noStamp: Stamp = { ino: 0, size: -1, mtimeMs: 0 }

/** Reads one file of the folder as far as it goes; undefined when it is gone. Never throws. */
export async function readFacts(root: string, path: string): Promise<ScannedFile | undefined> {
  const readAtMs = Date.now()
  const result = await readParsed(root, path)
  return result && { stamp: result.stamp, readAtMs, facts: toFacts(path, result) }
}

/** As `readFacts`, but holds the thread; `'later'` for what is large, gone or odd. */
export function readFactsNow(root: string, path: string): ScannedFile | 'later' {
  const readAtMs = Date.now()
  let read: ReturnType<typeof readNow>
  try {
    read = readNow(`${root}/${path}`)
  } catch {
    return 'later'
  }
  return read ? { stamp: read.stamp, readAtMs, facts: toFacts(path, parse(read)) } : 'later'
}

/** Reads one file whole; undefined when it is gone. What cannot be read is told in the reading. */
export async function readWhole(
  root: string,
  path: string,
): Promise<{ readonly reading: Reading; readonly value: unknown } | undefined> {
  const result = await readParsed(root, path)
  if (result === undefined) return undefined
  const { value, trouble } = result
  const id = fileIdOf(path)
  return { reading: trouble === null ? readTrajectory(value, id) : unreadableTrajectory(id, trouble), value }
}

async function readParsed(root: string, path: string): Promise<Parsed | undefined> {
  try {
    return parse(await readBounded(join(root, path)))
  } catch (error) {
    return isMissing(error) ? undefined : { stamp: noStamp, value: undefined, trouble: inWords(error) }
  }
}

function parse({ text, stamp }: { readonly text: string; readonly stamp: Stamp }): Parsed {
  try {
    return { stamp, value: JSON.parse(text), trouble: null }
  } catch (error) {
    return { stamp, value: undefined, trouble: inWords(error) }
  }
}

function inWords(error: unknown): string {
  if (error instanceof SyntaxError) return `is no JSON (${error.message.slice(0, 120)})`
  return errnoCode(error) === undefined ? causeOf(error) : `cannot be read (${causeOf(error)})`
}

function toFacts(path: string, { value, trouble }: Parsed): FileFacts {
  if (roleOf(path) === 'marker') return toMarker(path, value)
  const id = fileIdOf(path)
  if (!isExpectedThere(path) && !looksLikeOne(value)) return { kind: 'other' }
  const reading = trouble === null ? readTrajectory(value, id, 'summary') : unreadableTrajectory(id, trouble)
  return { kind: 'trajectory', summary: toSummary(reading) }
}

/** A marker that cannot be read marks nothing. */
function toMarker(path: string, value: unknown): FileFacts {
  if (!isObject(value) || typeof value.compactedInto !== 'string') return { kind: 'other' }
  const id = typeof value.trajectoryId === 'string' ? value.trajectoryId : fileIdOf(path)
  return { kind: 'marker', id, compactedInto: value.compactedInto }
}

function looksLikeOne(value: unknown): boolean {
  if (!isObject(value) || typeof value.id !== 'string') return false
  return value.type === 'compacted' || value.id.startsWith('traj_') || ('task' in value && 'chapters' in value)
}

/** The summary of a reading. */
export function toSummary(reading: Reading): FileSummary {
  const { id, kind, title, status, startedAt, completedAt, runId, agents, tags, problems, problemCount } = reading
  const { chapterCount, eventCount, decisionCount } = reading
  return {
    id,
    kind,
    title,
    status,
    startedAt,
    completedAt,
    runId,
    agents,
    chapterCount,
    eventCount,
    decisionCount,
    tags,
    problemCount,
    problems,
  }
}
