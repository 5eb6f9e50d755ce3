import { constants } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocumentTrouble } from '../../shared/settings'
import { causeOf } from '../../shared/systemErrors'
import { errnoCode } from '../files/errnoCode'
import { withFileLock } from '../files/fileLock'

/** Where the lines of one log stand: `rundesk.log`, and older ones in `rundesk.1.log` and so on. */
export interface LogFile {
  /** Takes a line, without its newline. It is in the file soon; see `settled`. */
  readonly append: (line: string) => void
  /** Resolves when what was appended so far is in the file, or the disk refused it. */
  readonly settled: () => Promise<void>
  /** Why lines are not in the file; null when they are. */
  readonly trouble: () => DocumentTrouble | null
  /** The newest lines of all files, oldest first. */
  readonly newest: (count: number) => Promise<readonly string[]>
}

/** So many lines wait for a disk that does not take them; then the oldest go. */
const mostWaiting = 1_000
const nofollow = constants.O_NOFOLLOW ?? 0

/**
 * A log that several processes append to: each line in one write, the file moved aside under a lock once it holds
 * `maxBytes`, and `files` of them kept. Only the user may read them. A disk that refuses lines disturbs nobody.
 */
export function createLogFile({
  dir,
  maxBytes = 1024 * 1024,
  files = 5,
}: {
  readonly dir: string
  readonly maxBytes?: number
  readonly files?: number
}): LogFile {
  const nameOf = (age: number): string => join(dir, age === 0 ? 'rundesk.log' : `rundesk.${age}.log`)
  let waiting: readonly string[] = []
  let writing: Promise<void> | undefined
  let trouble: DocumentTrouble | null = null

  const appendNow = async (lines: readonly string[]): Promise<void> => {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | nofollow
    const handle = await open(nameOf(0), flags, 0o600)
    try {
      const { size, mode } = await handle.stat()
      if ((mode & 0o077) !== 0) await handle.chmod(0o600)
      if (size < maxBytes) await handle.appendFile(`${lines.join('\n')}\n`)
      else await rotate()
      if (size < maxBytes) return
    } finally {
      await handle.close()
    }
    await appendNow(lines)
  }
  /** Moves every file one place on, unless another process has just done so. */
  const rotate = (): Promise<void> =>
    withFileLock(join(dir, 'rundesk.log.lock'), async () => {
      const { size } = await stat(nameOf(0))
      if (size < maxBytes) return
      await rm(nameOf(files - 1), { force: true })
      for (let age = files - 2; age >= 0; age--) await rename(nameOf(age), nameOf(age + 1)).catch(ignoreMissing)
    })
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await appendNow(batch)
        trouble = null
      } catch (error) {
        const path = nameOf(0)
        const message = `${path} cannot be written (${causeOf(error)}), so what happens is not noted. Mend that; it goes on by itself then.`
        trouble = { kind: 'unreadable', path, message }
        waiting = [...batch, ...waiting].slice(-mostWaiting)
        break // The next line tries again.
      }
    }
    writing = undefined
  }

  return {
    append: (line) => {
      waiting = [...waiting, line].slice(-mostWaiting)
      writing ??= Promise.resolve().then(write)
    },
    settled: async () => {
      await writing
    },
    trouble: () => trouble,
    newest: async (count) => {
      const lines: string[] = []
      for (let age = 0; age < files && lines.length < count; age++) {
        const text = await readFile(nameOf(age), 'utf8').catch(() => '')
        lines.unshift(...text.split('\n').filter((line) => line !== ''))
      }
      return lines.slice(-count)
    },
  }
}

function ignoreMissing(error: unknown): void {
  if (errnoCode(error) !== 'ENOENT') throw error
}
