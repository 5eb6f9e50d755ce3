import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { causeOf } from '../../shared/systemErrors'
import { errnoCode } from '../files/errnoCode'

/** What a step changed of the run's state, over top-level keys. */
export interface StatePatch {
  readonly set: Readonly<Record<string, unknown>>
  readonly unset: readonly string[]
}

type State = Readonly<Record<string, unknown>>

/** The copy of the committed state that one attempt sees. */
export interface StateFile {
  readonly path: string
  /** Is it still the file that was written? */
  readonly isUntouched: () => boolean
  /**
   * What the attempt left in its copy: undefined when it changed nothing. Throws an Error with words for the step's
   * error. What is written afterwards, through whatever descriptor, is never looked at.
   */
  readonly readPatch: () => Promise<StatePatch | undefined>
}

/** Parsing more would keep the thread too long. */
const maxStateBytes = 2 * 1024 * 1024
/** Clocks of file systems are coarse: a change within their tick shows only against a time that is long gone. */
const longAgo = new Date(1_000_000_000_000)

/** Writes the copy; the file is named in `RUNDESK_STATE`. Throws the system's error. */
export function writeStateFile(path: string, before: State): StateFile {
  const written = writeLongAgo(path, JSON.stringify(before))
  const isSame = (now: BigIntStats | undefined): boolean =>
    now?.ino === written.ino && now.size === written.size && now.mtimeNs === written.mtimeNs
  return {
    path,
    isUntouched: () => isSame(lstatSync(path, { bigint: true, throwIfNoEntry: false })),
    readPatch: async () => {
      const patch = isSame(look(path)) ? undefined : toPatch(await readText(path), before)
      unlinkSync(path)
      return patch
    },
  }
}

/** Writes a file whose time is long gone, and tells what it is then. */
function writeLongAgo(path: string, text: string): BigIntStats {
  const file = openSync(path, 'w', 0o600)
  try {
    writeFileSync(file, text)
    futimesSync(file, longAgo, longAgo)
    return fstatSync(file, { bigint: true })
  } finally {
    closeSync(file)
  }
}

function wrong(what: string): Error {
  return new Error(`${what} Nothing of it was taken.`)
}

function look(path: string): BigIntStats {
  let file: BigIntStats
  try {
    file = lstatSync(path, { bigint: true })
  } catch (error) {
    throw wrong(
      errnoCode(error) === 'ENOENT'
        ? 'The file in $RUNDESK_STATE is gone.'
        : `The file in $RUNDESK_STATE cannot be looked at (${causeOf(error)}).`,
    )
  }
  if (!file.isFile()) throw wrong(`$RUNDESK_STATE is ${kindOf(file)} now, not a file.`)
  if (file.size > maxStateBytes)
    throw wrong(`The state in $RUNDESK_STATE has ${file.size} bytes, more than 2 MiB. Keep large values in files.`)
  return file
}

function kindOf(file: BigIntStats): string {
  if (file.isSymbolicLink()) return 'a symlink'
  if (file.isDirectory()) return 'a folder'
  return file.isFIFO() ? 'a pipe' : 'something else'
}

/** Reads the file without following or waiting for anything that took its place meanwhile. */
async function readText(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw wrong(`The file in $RUNDESK_STATE cannot be read (${causeOf(error)}).`)
    },
  )
  try {
    if (!(await handle.stat()).isFile()) throw wrong('$RUNDESK_STATE is not a file any more.')
    const buffer = Buffer.allocUnsafe(maxStateBytes + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length)
      length += bytesRead
      if (bytesRead === 0 || length === buffer.length) break
    }
    if (length > maxStateBytes) throw wrong('The state in $RUNDESK_STATE has more than 2 MiB.')
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length))
  } catch (error) {
    if (error instanceof TypeError) throw wrong('The state in $RUNDESK_STATE is not UTF-8.')
    throw error
  } finally {
    await handle.close()
  }
}

function toPatch(text: string, before: State): StatePatch | undefined {
  let after: unknown
  try {
    after = JSON.parse(text)
  } catch {
    throw wrong('The state in $RUNDESK_STATE is not JSON.')
  }
  if (typeof after !== 'object' || after === null || Array.isArray(after))
    throw wrong('The state in $RUNDESK_STATE is not a JSON object.')
  const set = Object.entries(after).filter(
    ([key, value]) => !Object.hasOwn(before, key) || JSON.stringify(before[key]) !== JSON.stringify(value),
  )
  const endless = set.find(([, value]) => isEndless(value))
  if (endless) throw wrong(`The state's ${JSON.stringify(endless[0])} holds a number that is too large to be kept.`)
  const unset = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  if (set.length === 0 && unset.length === 0) return undefined
  return { set: Object.fromEntries(set), unset }
}

/** `1e999` is JSON, but the number that it becomes is not. */
function isEndless(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(isEndless)
}
