import { renameSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type LastEnd, lastEndSchema } from '../../shared/lastEnd'
import { scrubTokens } from '../../shared/rules/scrubTokens'
import { writeFileAtomic } from '../files/atomicWrite'
import { isIdentityAlive, ownIdentity } from '../files/processIdentity'
import { temporaryPath } from '../files/temporaryFiles'

const markSchema = lastEndSchema.extend({
  markVersion: z.literal(1),
  pid: z.number().int(),
  startTime: z.string().nullable(),
  host: z.string(),
})
type Mark = z.infer<typeof markSchema>

/** What a process does at the time, for the one that starts after it died. */
export type Doing = Pick<LastEnd, 'runs' | 'unsavedRows'>

/** The mark that a process of Rundesk leaves in the data folder while it runs: `running.json`. */
export interface RunningMark {
  /** What the process left that had the mark before and is dead; null when it took its mark away, as one does that closes. */
  readonly lastEnd: LastEnd | null
  /** Notes what this process does now. A disk that refuses it is let be: the mark tells less then. */
  readonly note: (doing: Doing) => void
  /** Notes the error that ends this process, before it returns. */
  readonly fail: (error: unknown) => void
  /** Takes the mark away: this process closes as it should. */
  readonly close: () => Promise<void>
}

const maxError = 1_000

/** Reads the mark of the process before and leaves one. One process at a time has the data folder. */
export async function openRunningMark({
  dataDir,
  version,
}: {
  readonly dataDir: string
  readonly version: string
}): Promise<RunningMark> {
  const path = join(dataDir, 'running.json')
  const lastEnd = await endOf(path)
  let mark: Mark = {
    markVersion: 1,
    ...(await ownIdentity()),
    startedAt: new Date().toISOString(),
    version,
    runs: [],
    unsavedRows: 0,
    error: null,
  }
  let written = ''
  let ended = false
  let last: Promise<unknown> = mkdir(dataDir, { recursive: true, mode: 0o700 }).catch(() => undefined)
  const write = (): void => {
    const text = textOf(mark)
    if (text === written || ended) return
    written = text
    last = last.then(() => writeFileAtomic(path, text, { mode: 0o600 })).catch(() => undefined)
  }
  write()
  return {
    lastEnd,
    note: (doing) => {
      mark = { ...mark, ...doing }
      write()
    },
    fail: (error) => {
      ended = true
      const text = scrubTokens(error instanceof Error ? (error.stack ?? error.message) : String(error))
      try {
        const temporary = temporaryPath(path)
        writeFileSync(temporary, textOf({ ...mark, error: text.slice(0, maxError) }), { mode: 0o600 })
        renameSync(temporary, path)
      } catch {
        // The mark of before tells the rest.
      }
    },
    close: async () => {
      ended = true
      await last
      await rm(path, { force: true }).catch(() => undefined)
    },
  }
}

async function endOf(path: string): Promise<LastEnd | null> {
  try {
    const mark = markSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    return (await isIdentityAlive(mark)) === false ? lastEndSchema.parse(mark) : null
  } catch {
    return null // There is none, or it tells nothing.
  }
}

function textOf(mark: Mark): string {
  return `${JSON.stringify(mark)}\n`
}
