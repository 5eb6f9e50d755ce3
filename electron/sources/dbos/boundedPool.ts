import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { RundeskError } from '../../../shared/outcome'
import { toError } from '../../files/toError'
import type { PgConnection } from './pgConnection'
import { sourceTrouble, sqlStateOf, toPgTrouble } from './pgTrouble'

export interface PoolLimits {
  /** How long a connection may take. */
  readonly connectMs: number
  /** How long one call may take, with the connection. */
  readonly callMs: number
  readonly maxConnections: number
  /** So many questions (a statement, or the transaction of an act) in a second, and twice as many at once: the others wait. */
  readonly questionsPerSecond: number
}

export interface CallOptions {
  /** What the server is to do, for messages: "list its workflows". */
  readonly does: string
  /** Ends the call, and what the server does for it. */
  readonly signal?: AbortSignal | undefined
}

/** A pool whose calls always end: with an answer, a typed trouble, after their time, or when nobody wants them any more. */
export interface BoundedPool {
  /** To hand to a library; what is asked of it counts only within `call`. */
  readonly pool: pg.Pool
  /** Throws troubles as `sourceTrouble` makes them, and the signal's reason when that ended it. */
  readonly call: <T>(work: () => Promise<T>, options: CallOptions) => Promise<T>
  /**
   * Within a call: what a library asks for during `work` goes through this connection and is part of its transaction; what
   * it says itself about the beginning and the end of one is left out.
   */
  readonly lend: <T>(client: pg.PoolClient, work: () => Promise<T>) => Promise<T>
  /** So many statements went to the server. */
  readonly asked: () => number
  readonly close: () => Promise<void>
}

/** One call, and its connections, of which it gets one. */
interface Call {
  connects: number
  ended: Error | null
  lent: pg.PoolClient | null
  readonly fail: (error: Error, cut: 'connection' | 'nothing') => void
  readonly clients: Set<pg.PoolClient>
}

/**
 * Makes a pool for one database. A library that tries again by itself (the DBOS client does so for ever) is refused its
 * second connection: a lost answer of an act must not become a second act.
 */
export function createBoundedPool(
  connection: PgConnection,
  { limits, schema, readOnly }: { readonly limits: PoolLimits; readonly schema: string; readonly readOnly: boolean },
): BoundedPool {
  const place = { where: connection.where, user: connection.user, schema }
  const pool = new pg.Pool({
    ...connection.config,
    application_name: 'rundesk',
    connectionTimeoutMillis: limits.connectMs,
    // The server ends a slow statement first; what ends a call after its time is thus a line or server that is away.
    statement_timeout: limits.callMs * 0.8,
    idle_in_transaction_session_timeout: limits.callMs,
    idleTimeoutMillis: 10_000,
    allowExitOnIdle: true,
    keepAlive: true,
    // One more, to tell the server that a statement is not wanted any more.
    max: limits.maxConnections + 1,
    ...(readOnly ? { options: '-c default_transaction_read_only=on' } : {}),
  })
  // A connection that nobody uses was cut: the pool has dropped it, and the next call tells if the server is away.
  pool.on('error', ignore)
  const calls = new AsyncLocalStorage<Call>()
  const places = createPlaces(limits.maxConnections)
  const pace = createPace(limits.questionsPerSecond)
  const take = pool.connect.bind(pool)
  let asked = 0

  async function connect(): Promise<pg.PoolClient> {
    const call = calls.getStore()
    if (!call) throw new Error('The pool is asked outside of a call.')
    if (call.ended) throw call.ended
    if (call.lent) return partOf(call.lent)
    if (call.connects > 0) throw new Error('This call had its one connection.')
    await pace.wait()
    if (call.ended) throw call.ended
    call.connects++
    const client = await take().catch((error: unknown) => {
      const trouble = toPgTrouble(error, place)
      call.fail(trouble, 'nothing')
      throw trouble
    })
    if (call.ended) {
      client.release()
      throw call.ended
    }
    return guarded(client, call)
  }

  /** Tells the call at once of any fault, before a library can try again, and may be given back twice. */
  function guarded(client: pg.PoolClient, call: Call): pg.PoolClient {
    const release = client.release.bind(client)
    const query = client.query.bind(client)
    const onError = (error: Error): void => call.fail(toPgTrouble(error, place), 'connection')
    client.on('error', onError)
    call.clients.add(client)
    const giveBack = (broken?: Error | boolean): void => {
      if (!call.clients.delete(client)) return
      Reflect.deleteProperty(client, 'query')
      client.on('error', ignore)
      client.removeListener('error', onError)
      release(broken)
      if (!broken) client.removeListener('error', ignore)
    }
    const ask = async (text: string, values?: unknown[]): Promise<pg.QueryResult> => {
      asked++
      try {
        return await query(text, values)
      } catch (error) {
        call.fail(toPgTrouble(error, place), sqlStateOf(error) === null ? 'connection' : 'nothing')
        throw error
      }
    }
    return Object.assign(client, { release: giveBack, query: ask })
  }

  async function query(text: string, values: unknown[]): Promise<pg.QueryResult> {
    const client = await connect()
    try {
      return await client.query(text, values)
    } finally {
      client.release()
    }
  }

  async function lend<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
    const call = calls.getStore()
    if (!call) throw new Error('A connection is lent within a call only.')
    call.lent = client
    try {
      return await work()
    } finally {
      call.lent = null
    }
  }

  /** Takes a broken or unwanted connection away, and tells the server that nobody waits any more. */
  function cutConnections(call: Call, error: Error): void {
    for (const client of [...call.clients]) {
      const backend = 'processID' in client && typeof client.processID === 'number' ? client.processID : null
      client.release(error)
      if (backend !== null) void cancelAtServer(backend)
    }
  }

  /** As far as it can be reached; its own time limit ends the statement otherwise. */
  async function cancelAtServer(backend: number): Promise<void> {
    const client = await take().catch(() => null)
    if (!client) return
    client.on('error', ignore)
    const failed = await client.query('select pg_cancel_backend($1)', [backend]).then(() => undefined, toError)
    client.release(failed)
  }

  async function call<T>(work: () => Promise<T>, { does, signal }: CallOptions): Promise<T> {
    signal?.throwIfAborted()
    return await new Promise<T>((resolve, reject) => {
      const state: Call = { connects: 0, ended: null, lent: null, clients: new Set(), fail }
      const timer = setTimeout(() => {
        const late = `${place.where} did not ${does} within ${limits.callMs / 1000} seconds.`
        const busy = `${place.where} still answers earlier questions. Try again in a moment.`
        const isWaiting = state.connects === 0
        fail(sourceTrouble('timed-out', isWaiting ? busy : late, { ofStatement: isWaiting }), 'connection')
      }, limits.callMs)
      const onAbort = (): void => fail(abortReason(signal), 'connection')
      signal?.addEventListener('abort', onAbort, { once: true })
      function settle(): void {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      function fail(error: Error, cut: 'connection' | 'nothing'): void {
        settle()
        state.ended ??= error
        if (cut === 'connection') cutConnections(state, error)
        reject(state.ended)
      }
      const inPlace = (): Promise<T> => places.take(() => (state.ended ? Promise.reject(state.ended) : work()))
      calls.run(state, inPlace).then(
        (value) => {
          settle()
          resolve(value)
        },
        (error: unknown) => fail(toPgTrouble(error, place), 'nothing'),
      )
    })
  }

  Object.assign(pool, { connect, query })
  return { pool, call, lend, asked: () => asked, close: () => pool.end() }
}

/** At most so many at a time; the others wait, in their order. */
function createPlaces(most: number): { readonly take: <T>(work: () => Promise<T>) => Promise<T> } {
  const waiting: (() => void)[] = []
  let taken = 0
  return {
    take: async (work) => {
      if (taken >= most) await new Promise<void>((resolve) => waiting.push(resolve))
      else taken++
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else taken--
      }
    },
  }
}

/** Lets through so many in a second, after twice as many at once. */
function createPace(perSecond: number): { readonly wait: () => Promise<void> } {
  let nextMs = Number.NEGATIVE_INFINITY
  return {
    wait: async () => {
      const nowMs = performance.now()
      nextMs = Math.max(nextMs, nowMs - 2_000) + 1_000 / perSecond
      if (nextMs > nowMs) await new Promise((resolve) => setTimeout(resolve, nextMs - nowMs))
    },
  }
}

/** The connection as a library sees it that believes to have a transaction of its own. */
function partOf(client: pg.PoolClient): pg.PoolClient {
  const query = (text: string, values?: unknown[]): Promise<pg.QueryResult | null> =>
    /^(?:BEGIN|COMMIT)\b/.test(text) ? Promise.resolve(null) : client.query(text, values)
  return Object.assign(Object.create(client), { query, release: ignore, on: ignore, removeListener: ignore })
}

function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new RundeskError('changed', 'Nobody waits for the answer any more.')
}

function ignore(): void {}
