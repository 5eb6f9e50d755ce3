import type { SavedSource, SourceState, SourceTrouble } from '../../../shared/sources'
import { type SecretStore, secretName } from '../secretStore'
import { untilAborted } from '../untilAborted'
import type { PoolLimits } from './boundedPool'
import type { DbosEngine } from './dbosEngine'
import type { DatabaseFacts } from './preflight'

export type ConnectionUse = 'reading' | 'writing'

export interface SessionOptions {
  readonly saved: SavedSource
  readonly secrets: SecretStore
  readonly env: Readonly<Record<string, string | undefined>>
  readonly limits: PoolLimits
  readonly onChange: () => void
}

/** One of a source's connections: made at its first use, checked, and made again after a trouble. */
export interface DbosSession {
  readonly state: () => SourceState
  /** Of the last check that went well. */
  readonly facts: () => DatabaseFacts | null
  /** `host:port/database` as soon as it is known. */
  readonly where: () => string | null
  /**
   * Works with the checked connection. After a trouble it throws the same again until it is time for another try, so that
   * no server is pressed and no account locked by many who ask.
   */
  readonly use: <T>(work: (engine: DbosEngine) => Promise<T>, signal?: AbortSignal) => Promise<T>
  /** Tries again now. Throws the trouble. */
  readonly renew: (signal?: AbortSignal) => Promise<void>
  /** When it is time for the next try, in epoch ms; null when there is no trouble or only a person can mend it. */
  readonly retryAtMs: () => number | null
  /** Statements that went to the server. */
  readonly asked: () => number
  readonly close: () => Promise<void>
}

/** Troubles that go by themselves. */
const passing: readonly SourceTrouble[] = ['unknown-host', 'unreachable', 'refused', 'timed-out', 'lost']
const [firstRetryMs, longestRetryMs] = [2_000, 30_000]

/** Makes the session of one connection; loads nothing and connects to nothing yet. */
export function createDbosSession(use: ConnectionUse, options: SessionOptions): DbosSession {
  const { saved, secrets, env, limits, onChange } = options
  let state: SourceState = { kind: 'unopened' }
  let facts: DatabaseFacts | null = null
  let where: string | null = null
  let opening: Promise<DbosEngine> | null = null
  let trouble: { readonly error: Error; readonly retryAtMs: number | null } | null = null
  let failures = 0
  /** What the trouble came from: all that wait for one opening fail with the same. */
  let failed: unknown
  let askedBefore = 0
  let engine: DbosEngine | null = null
  let isClosed = false
  const closing = new Set<Promise<void>>()

  function become(next: SourceState): void {
    if (next.kind === state.kind && next.kind !== 'trouble') return
    state = next
    onChange()
  }

  async function open(): Promise<DbosEngine> {
    const connection = saved[use]
    if (!connection) throw new Error(`The source has no ${use} connection.`)
    // After a trouble it stays one until it is over: nobody is told of every try.
    if (state.kind !== 'trouble') become({ kind: 'connecting', since: now() })
    // Loaded here and nowhere else: who has no such source does without all of it.
    const { openDbosEngine, resolveConnection } = await import('./engineParts')
    const kept = connection.from === 'server' && connection.password === 'keychain'
    const secret = kept ? ((await secrets.read(secretName(saved.id, use))) ?? null) : null
    const resolved = await resolveConnection(connection, { env, fromKeychain: () => secret })
    where = resolved.where
    const opened = await openDbosEngine(resolved, { schema: saved.schema, limits, readOnly: use === 'reading' })
    engine = opened
    if (isClosed) {
      drop()
      throw new Error('The source is closed.')
    }
    facts = await opened.check(undefined)
    failures = 0
    trouble = null
    become({ kind: 'ready', since: now() })
    return opened
  }

  /** Gives up the connection; the next use makes another. */
  function drop(): void {
    const dropped = engine
    engine = null
    opening = null
    if (!dropped) return
    askedBefore += dropped.asked()
    const closed = dropped.close().finally(() => closing.delete(closed))
    closing.add(closed)
  }

  async function fail(error: unknown, signal: AbortSignal | undefined): Promise<never> {
    if (signal?.aborted || error === failed) throw error === failed && trouble ? trouble.error : error
    const { toSessionTrouble } = await import('./engineParts')
    const told = toSessionTrouble(error, { opens: state.kind !== 'ready' })
    if (told === null) throw error
    drop()
    failed = error
    const retryMs = Math.min(firstRetryMs * 2 ** failures++, longestRetryMs)
    const retryAtMs = passing.includes(told.code) ? Date.now() + retryMs : null
    trouble = { error: told.error, retryAtMs }
    const since = state.kind === 'trouble' ? state.since : now()
    become({ kind: 'trouble', code: told.code, message: told.error.message, since, retryAt: iso(retryAtMs) })
    throw told.error
  }

  async function workNow<T>(work: (engine: DbosEngine) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (isClosed) throw new Error('The source is closed.')
    signal?.throwIfAborted()
    try {
      opening ??= open()
      // Several wait for one opening: who leaves does not end it for the others.
      return await work(await (signal ? untilAborted(opening, signal) : opening))
    } catch (error) {
      return await fail(error, signal)
    }
  }

  return {
    state: () => state,
    facts: () => facts,
    where: () => where,
    use: async (work, signal) => {
      if (trouble && (trouble.retryAtMs === null || Date.now() < trouble.retryAtMs)) throw trouble.error
      return await workNow(work, signal)
    },
    renew: async (signal) => {
      drop()
      await workNow(async () => undefined, signal)
    },
    retryAtMs: () => trouble?.retryAtMs ?? null,
    asked: () => askedBefore + (engine?.asked() ?? 0),
    close: async () => {
      isClosed = true
      drop()
      await Promise.all(closing)
    },
  }
}

const now = (): string => new Date().toISOString()
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
