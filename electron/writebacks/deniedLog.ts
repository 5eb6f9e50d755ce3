import { open } from 'node:fs/promises'
import { scrubTokens } from '../../shared/rules/scrubTokens'
import { statOf } from '../files/boundedRead'
import { toMs } from './deadLetters'

/** What a mount's permission log last said of a path. */
export interface Denied {
  readonly at: string | null
  readonly atMs: number
  /** `WRITE_DENIED`, `WRITE_REVERTED` and their like. */
  readonly kind: string
  readonly reason: string
}

/** A mount may write hundreds of lines a second: only the end of its log is read. */
const tailBytes = 64 * 1024
/** The same again within this time is no news, in ms. */
const newsMs = 60_000
const maxPaths = 10_000
const line = /^\[([^\]]*)\] ([A-Z]+_[A-Z_]+) (\/.*?): (.*)$/

/** Reads the end of `permissions-denied.log` when it changed; gives the paths of which it says something new. */
export interface DeniedLog {
  readonly refresh: () => Promise<readonly string[]>
  readonly denied: ReadonlyMap<string, Denied>
}

export function createDeniedLog(path: string): DeniedLog {
  const denied = new Map<string, Denied>()
  let stamp = ''

  const take = (text: string): readonly string[] => {
    const [, at = '', kind = '', of = '', reason = ''] = line.exec(text) ?? []
    const atMs = toMs(at)
    if (!kind.startsWith('WRITE') || atMs === null) return []
    const before = denied.get(of)
    if (before && (before.atMs > atMs || (sameWords(before, kind, reason) && atMs - before.atMs < newsMs))) return []
    if (!before && denied.size >= maxPaths) return []
    denied.set(of, { at, atMs, kind, reason: scrubTokens(reason).slice(0, 500) })
    return [of]
  }

  return {
    denied,
    refresh: async () => {
      const stats = await statOf(path).catch(() => undefined)
      if (!stats?.isFile()) return []
      const now = `${stats.ino} ${stats.size} ${stats.mtimeMs}`
      if (now === stamp) return []
      stamp = now
      const text = await readEnd(path, stats.size).catch(() => '')
      return text.split('\n').flatMap((one) => [...take(one)])
    },
  }
}

function sameWords(before: Denied, kind: string, reason: string): boolean {
  return before.kind === kind && before.reason === scrubTokens(reason).slice(0, 500)
}

async function readEnd(path: string, size: number): Promise<string> {
  const handle = await open(path, 'r')
  try {
    const from = Math.max(0, size - tailBytes)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(tailBytes), 0, tailBytes, from)
    const text = buffer.toString('utf8', 0, bytesRead)
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1)
  } finally {
    await handle.close()
  }
}
