import { createHash } from 'node:crypto'
import { mkdir, readFile, realpath, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type AppendResult, createAppender } from '../files/appender'
import { writeFileAtomic } from '../files/atomicWrite'
import { errnoCode } from '../files/errnoCode'
import { withFileLock } from '../files/fileLock'
import { parseStoreLine } from './parseStoreLine'

/** A file in the user's home that keeps rows of one workspace which its own disk refuses (docs/formats.md). */
export interface HomeFallback {
  readonly path: () => Promise<string>
  /** Keeps these lines, synced. Throws the system's error when the home refuses them too. */
  readonly keep: (texts: readonly string[]) => Promise<void>
  /** The lines that are kept, oldest first; lines that are no rows are left out. */
  readonly read: () => Promise<readonly string[]>
  /** Hands the lines over to `take`, which brings them to where they belong, and forgets those that it wrote. */
  readonly handOver: (take: (texts: readonly string[]) => Promise<AppendResult>) => Promise<void>
}

/** One file for each workspace, named after its real path, so that no two share one. */
export function createHomeFallback({
  home,
  workspaceDir,
}: {
  readonly home: string
  readonly workspaceDir: string
}): HomeFallback {
  const pathOf = async (): Promise<string> => {
    const real = await realpath(workspaceDir).catch(() => workspaceDir)
    const name = createHash('sha256').update(real).digest('hex').slice(0, 24)
    return join(home, '.agent-relay', `workflow-runs-${name}.jsonl`)
  }
  const readAll = async (path: string): Promise<readonly string[]> => {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (errnoCode(error) === 'ENOENT' || errnoCode(error) === 'ENOTDIR') return ''
      throw error
    })
    return text.split('\n').filter(isRow)
  }

  return {
    path: pathOf,
    keep: async (texts) => {
      const path = await pathOf()
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await withFileLock(`${path}.lock`, async () => {
        const appender = createAppender({
          path,
          mode: 0o600,
          known: () => ({ inode: undefined, end: undefined }),
          onPlaced: () => undefined,
        })
        const { error } = await appender.append(texts, 'synced')
        await appender.close()
        if (error) throw error
      })
    },
    read: async () => readAll(await pathOf()),
    handOver: async (take) => {
      const path = await pathOf()
      if ((await readAll(path)).length === 0) return
      await withFileLock(`${path}.lock`, async () => {
        const texts = await readAll(path)
        const left = texts.slice((await take(texts)).written)
        if (left.length === 0) await rm(path, { force: true })
        else if (left.length < texts.length) await writeFileAtomic(path, `${left.join('\n')}\n`, { forUserAlone: true })
      })
    },
  }
}

function isRow(text: string): boolean {
  if (text.trim() === '') return false
  const bytes = Buffer.from(text)
  const line = { bytes, start: 0, end: bytes.length, offset: 0, length: bytes.length, number: 1, cut: false }
  const parsed = parseStoreLine(line)
  return parsed !== undefined && 'line' in parsed
}
