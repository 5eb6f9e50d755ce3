import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { z } from 'zod'
import { causeOf } from '../../shared/systemErrors'
import { isMissing, readBounded, statOf } from '../files/boundedRead'
import { createBreath } from '../files/breath'
import { jsonEntries } from './jsonEntries'

/** What goes wrong with a document: code, path, words. */
export type OnProblem = (code: string, path: string, message: string) => void

/** A state document: its own fields, and what it says of each file. */
export interface StateDocument<T, F> {
  readonly fields: T
  readonly files: ReadonlyMap<string, F>
}

const maxStateBytes = 512 * 1024 * 1024
/** Documents up to here are parsed whole; larger ones piece by piece, so that the thread is never held. */
const wholeBytes = 256 * 1024

/**
 * Reads a state document again when it changed. It may tell of a hundred thousand files and is written anew with every
 * cycle of a mount: only the fields and, of each file, what `ofFile` gives are kept. Missing gives null; damaged gives
 * null and a problem.
 */
export function createStateReader<T, F>(
  schema: z.ZodType<T>,
  ofFile: (entry: unknown) => F | undefined,
): (path: string, onProblem: OnProblem) => Promise<StateDocument<T, F> | null> {
  let known: {
    readonly stamp: string
    readonly document: StateDocument<T, F> | null
    readonly problem: Problem | null
  } = {
    stamp: '',
    document: null,
    problem: null,
  }
  const readAgain = async (path: string): Promise<Omit<typeof known, 'stamp'>> => {
    let text: string
    try {
      text = (await readBounded(path, maxStateBytes)).text
    } catch (error) {
      if (isMissing(error)) return { document: null, problem: null }
      const why = causeOf(error)
      return { document: null, problem: ['unreadable_state', `This file cannot be read (${why}).`] }
    }
    try {
      return { document: await parseState(text, schema, ofFile), problem: null }
    } catch {
      const message = 'This file is damaged. The mount writes it anew with its next cycle.'
      return { document: null, problem: ['damaged_state', message] }
    }
  }
  return async (path, onProblem) => {
    const stats = await statOf(path).catch(() => undefined)
    const stamp = stats ? `${path} ${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}` : path
    if (stamp !== known.stamp) known = { stamp, ...(await readAgain(path)) }
    if (known.problem) onProblem(known.problem[0], path, known.problem[1])
    return known.document
  }
}
type Problem = readonly [code: string, message: string]

async function parseState<T, F>(
  text: string,
  schema: z.ZodType<T>,
  ofFile: (entry: unknown) => F | undefined,
): Promise<StateDocument<T, F>> {
  const files = new Map<string, F>()
  const take = (path: string, entry: unknown): void => {
    const value = ofFile(entry)
    if (value !== undefined) files.set(path, value)
  }
  if (text.length < wholeBytes) {
    const value: unknown = JSON.parse(text)
    const fields = schema.parse(value)
    const listed = (value as { readonly files?: unknown }).files
    if (typeof listed === 'object' && listed !== null)
      for (const [path, entry] of Object.entries(listed)) take(path, entry)
    return { fields, files }
  }
  const breathe = createBreath()
  const top: Record<string, unknown> = {}
  for (const [key, from, to] of jsonEntries(text, 0)) {
    if (key !== 'files') {
      top[key] = JSON.parse(text.slice(from, to))
      continue
    }
    if (text[from] !== '{') continue
    for (const [path, entryFrom, entryTo] of jsonEntries(text, from)) {
      const pause = breathe()
      if (pause) await pause
      take(path, JSON.parse(text.slice(entryFrom, entryTo)))
    }
  }
  return { fields: schema.parse(top), files }
}

/**
 * Where the private state of a mount lies: in the folder named after the mount, else inside the mount
 * (docs/formats-writebacks.md, "Private state").
 */
export function privateStatePaths({
  localDir,
  home,
  remoteRoot,
  workspaceId,
}: {
  readonly localDir: string
  readonly home: string
  readonly remoteRoot: string
  readonly workspaceId: string | null
}): readonly string[] {
  const inside = join(localDir, '.relayfile-mount-state.json')
  if (workspaceId === null) return [inside]
  const root = process.env.RELAYFILE_MOUNT_STATE_DIR || join(home, '.relayfile-mount-state')
  const id = createHash('sha256')
    .update([workspaceId, remoteRoot, localDir, 'daemon'].join('\0'))
    .digest('hex')
    .slice(0, 32)
  return [join(root, id, 'state.json'), inside]
}
