import { hash } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { cachedDataVersionTag } from 'node:v8'
import type { Script } from 'node:vm'

/*
 * V8 runs what it is given as compiled code without a look at it. So it comes only from a folder and a file that nobody but
 * this user can write, and only when its checksum, the source and V8 are those that it was made with.
 */

/** Compiled code that one process leaves for the next ones of the same command. */
export interface CodeCache {
  /** What an earlier process compiled of this source; undefined for nothing. */
  readonly find: (file: string, source: Buffer) => Buffer | undefined
  /** Keeps what this process has compiled of what it looked for, by file, where that is worth it. Never throws. */
  readonly keep: (scripts: ReadonlyMap<string, Script>) => void
}

interface Held {
  /** How long the process that left this had worked, in ms of a processor. */
  readonly workedMs: number
  readonly scripts: ReadonlyMap<string, Buffer>
}

interface Compiled {
  readonly key: string
  readonly script: Script
}

/** A process that worked so much longer than the one before has compiled more. */
const moreWork = 1.5
/** V8 forgets code that was not used for long: what a process leaves that worked for longer is no better. */
const longestMs = 60_000
/** Bytes of a checksum in hex, and of its line. */
const [digestBytes, headBytes] = [64, 65]

/** Where compiled code is kept; null where the system cannot tell who may write there, or where it is not wanted. */
export function codeFolder(env: Readonly<Record<string, string | undefined>>): string | null {
  if (process.geteuid === undefined || env.NODE_DISABLE_COMPILE_CACHE) return null
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Rundesk')
  const { XDG_CACHE_HOME: named = '' } = env
  return join(isAbsolute(named) ? named : join(homedir(), '.cache'), 'rundesk')
}

/** Opens what is kept in `folder` for a command of what lies at `bundle`. Never throws: without it all is compiled anew. */
export function openCodeCache({
  folder,
  bundle,
  command,
}: {
  readonly folder: string
  readonly bundle: string
  readonly command: string
}): CodeCache {
  const name = /^[a-z-]{1,30}$/.test(command) ? command : 'other'
  const place = hash('sha256', bundle).slice(0, 8)
  const file = join(folder, `${name}-${place}-${cachedDataVersionTag().toString(16)}.code`)
  const held = orUndefined(() => readHeld(file))
  const keys = new Map<string, string>()
  return {
    find: (path, source) => {
      const key = `${basename(path)} ${hash('sha256', source)}`
      keys.set(path, key)
      return held?.scripts.get(key)
    },
    keep: (scripts) => {
      const { user, system } = process.cpuUsage()
      const workedMs = (user + system) / 1_000
      const compiled = [...scripts].map(([path, script]): Compiled => ({ key: keys.get(path) ?? path, script }))
      if (workedMs > longestMs || (held && isCovered(held, compiled) && workedMs < moreWork * held.workedMs)) return
      orUndefined(() => write(file, { workedMs, compiled }))
    },
  }
}

function isCovered(held: Held, compiled: readonly Compiled[]): boolean {
  return compiled.every(({ key, script }) => held.scripts.has(key) && !script.cachedDataRejected)
}

/** Throws the system's error, or when anybody else could have written the file, or it is damaged. */
function readHeld(file: string): Held {
  mustBeOurs(lstatSync(dirname(file)))
  const opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    mustBeOurs(fstatSync(opened))
    const bytes = readFileSync(opened)
    const content = bytes.subarray(headBytes)
    if (bytes.toString('latin1', 0, digestBytes) !== hash('sha256', content)) throw new Error('It is damaged')
    const end = content.indexOf('\n')
    const { workedMs, scripts } = JSON.parse(content.toString('utf8', 0, end)) as Index // As it was written: see above.
    const data = content.subarray(end + 1)
    return { workedMs, scripts: new Map(scripts.map(([key, from, to]) => [key, data.subarray(from, to)])) }
  } finally {
    closeSync(opened)
  }
}

/** The first line: by script, where its code begins and ends behind it. */
interface Index {
  readonly workedMs: number
  readonly scripts: readonly (readonly [key: string, from: number, to: number])[]
}

function write(
  file: string,
  { workedMs, compiled }: { readonly workedMs: number; readonly compiled: readonly Compiled[] },
): void {
  const folder = dirname(file)
  makeFolder(folder)
  mustBeOurs(lstatSync(folder))
  const parts: Buffer[] = []
  const places: [string, number, number][] = []
  let at = 0
  for (const { key, script } of compiled) {
    const data = script.createCachedData()
    parts.push(data)
    places.push([key, at, at + data.length])
    at += data.length
  }
  const index: Index = { workedMs, scripts: places }
  const content = Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...parts])
  const head = Buffer.from(`${hash('sha256', content)}\n`)
  const temporary = `${file}.new` // Two that write it leave one that is damaged, which is written anew.
  rmSync(temporary, { force: true })
  writeFileSync(temporary, Buffer.concat([head, content]), { mode: 0o600, flag: 'wx' })
  renameSync(temporary, file)
}

/** The folder for caches may be made as well, in a home that is ours: a program run by root leaves nothing there. */
function makeFolder(folder: string): void {
  const caches = dirname(folder)
  const isThere = lstatSync(caches, { throwIfNoEntry: false }) !== undefined
  if (lstatSync(isThere ? caches : dirname(caches)).uid !== process.geteuid?.()) throw new Error('It is not ours')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

function mustBeOurs({ uid, mode }: Stats): void {
  if (uid !== process.geteuid?.() || (mode & 0o077) !== 0) throw new Error('Others may write it')
}

function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
