import { randomUUID } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type EndCause, type LastEnd, lastEndSchema } from '../../shared/lastEnd'
import { scrubTokens } from '../../shared/rules/scrubTokens'
import { writeFileAtomic } from '../files/atomicWrite'
import { makePrivateFolder } from '../files/privateFolder'
import { isIdentityAlive, ownIdentity } from '../files/processIdentity'
import { removeStaleTemporaries, temporaryPath } from '../files/temporaryFiles'

const markSchema = lastEndSchema.extend({
  markVersion: z.literal(1),
  pid: z.number().int(),
  startTime: z.string().nullable(),
  host: z.string(),
})
type Mark = z.infer<typeof markSchema>

/** What a process does at the time, for the one that starts after it died. */
export type Doing = Pick<LastEnd, 'runs' | 'unsavedRows'>

/** The mark that a process of Rundesk leaves in the data folder while it runs: a file in `running/`. */
export interface RunningMark {
  /** What processes left that had this data folder and died, newest first. One that closes takes its mark away. */
  readonly lastEnds: readonly LastEnd[]
  /** Takes their marks away: this process tells of them. */
  readonly takeOver: () => Promise<void>
  /** Notes what this process does now. A disk that refuses it is let be: the mark tells less then. */
  readonly note: (doing: Doing) => void
  /** Notes, before it returns, why this process ends without closing. */
  readonly endBecause: (cause: EndCause) => void
  /** Takes the own mark away: this process closes as it should. */
  readonly close: () => Promise<void>
}

const maxError = 1_000
/** Nobody can tell of marks of another machine whether they are of the dead; so old ones are taken away, in ms. */
const foreignMs = 30 * 86_400_000

/** Reads the marks of dead processes and leaves one of this one. */
export async function openRunningMark({
  dataDir,
  version,
  face,
}: Pick<LastEnd, 'version' | 'face'> & { readonly dataDir: string }): Promise<RunningMark> {
  const folder = join(dataDir, 'running')
  const path = join(folder, `${randomUUID()}.json`)
  const dead = await deadMarks(folder)
  let mark: Mark = {
    markVersion: 1,
    ...(await ownIdentity()),
    startedAt: new Date().toISOString(),
    version,
    face,
    runs: [],
    unsavedRows: 0,
    cause: { kind: 'unknown' },
  }
  let written = ''
  let ended = false
  let last: Promise<unknown> = makePrivateFolder(folder).catch(() => undefined)
  const write = (): void => {
    const text = textOf(mark)
    if (text === written || ended) return
    written = text
    last = last.then(() => writeFileAtomic(path, text, { mode: 0o600 })).catch(() => undefined)
  }
  write()
  return {
    lastEnds: dead.map(({ mark: left }) => lastEndSchema.parse(left)),
    takeOver: async () => {
      await Promise.all(dead.map((left) => remove(left.path)))
      await removeStaleTemporaries(folder)
    },
    note: (doing) => {
      mark = { ...mark, ...doing }
      write()
    },
    endBecause: (cause) => {
      ended = true
      try {
        const temporary = temporaryPath(path)
        writeFileSync(temporary, textOf({ ...mark, cause }), { mode: 0o600 })
        renameSync(temporary, path)
      } catch {
        // The mark of before tells the rest.
      }
    },
    close: async () => {
      ended = true
      await last
      await remove(path)
    },
  }
}

/** An error that nothing caught, as a mark keeps it. */
export function becauseOf(error: unknown): EndCause {
  const text = scrubTokens(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return { kind: 'error', error: text.slice(0, maxError) }
}

interface DeadMark {
  readonly path: string
  readonly mark: Mark
}

async function deadMarks(folder: string): Promise<readonly DeadMark[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^[^.].*\.json$/.test(name))
  const found = await Promise.all(names.map((name) => deadMark(join(folder, name))))
  return found
    .flatMap((one) => (one ? [one] : []))
    .sort((one, other) => other.mark.startedAt.localeCompare(one.mark.startedAt))
}

async function deadMark(path: string): Promise<DeadMark | null> {
  try {
    const mark = markSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const isAlive = await isIdentityAlive(mark)
    if (isAlive === null && Date.parse(mark.startedAt) < Date.now() - foreignMs) await remove(path)
    return isAlive === false ? { path, mark } : null
  } catch {
    return null // It is gone, damaged, or of another version.
  }
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined)
}

function textOf(mark: Mark): string {
  return `${JSON.stringify(mark)}\n`
}
