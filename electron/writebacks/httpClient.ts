import { randomUUID } from 'node:crypto'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoCode } from '../files/errnoCode'

export interface HttpAnswer {
  readonly status: number
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown
  readonly text: string
}

export interface HttpCall {
  readonly method: 'GET' | 'POST'
  /** Path and query, encoded. */
  readonly path: string
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** No answer came. `mayHaveArrived` tells whether the server may have acted all the same. */
export class NoAnswer extends Error {
  readonly kind: 'unreachable' | 'timeout' | 'aborted' | 'too-large' | 'broken'
  readonly mayHaveArrived: boolean

  constructor(kind: NoAnswer['kind'], message: string, mayHaveArrived: boolean) {
    super(message)
    this.name = 'NoAnswer'
    this.kind = kind
    this.mayHaveArrived = mayHaveArrived
  }
}

export interface HttpClient {
  /** Answers with any status once the attempts are used up. Throws `NoAnswer`. */
  readonly request: (call: HttpCall) => Promise<HttpAnswer>
  /** Takes the token out of a text of the server's. */
  readonly scrub: (text: string) => string
  readonly close: () => void
}

/** Limits of a client; the defaults are for use, others for tests. */
export interface HttpLimits {
  readonly connectMs: number
  readonly totalMs: number
  readonly maxResponseBytes: number
  readonly attempts: number
  /** The first pause; each further one is twice as long, up to `maxPauseMs`, with up to a quarter more at random. */
  readonly pauseMs: number
  readonly maxPauseMs: number
  /** A server that asks for a longer pause is taken to refuse. */
  readonly maxRetryAfterMs: number
  readonly connections: number
}

export const httpLimits: HttpLimits = {
  connectMs: 5_000,
  totalMs: 30_000,
  maxResponseBytes: 32 * 1024 * 1024,
  attempts: 4,
  pauseMs: 200,
  maxPauseMs: 5_000,
  maxRetryAfterMs: 60_000,
  connections: 32,
}

/**
 * A client of one server with one token. Redirects are answers, never followed: the token goes to no other address. Busy
 * answers (408, 425, 429, 5xx) and lost connections are tried again, with pauses; a Retry-After holds back all requests
 * of the client. No error, text or log holds the token.
 */
export function createHttpClient({
  baseUrl,
  authorization,
  limits = httpLimits,
}: {
  readonly baseUrl: string
  readonly authorization: () => string
  readonly limits?: HttpLimits
}): HttpClient {
  const base = new URL(baseUrl)
  const secure = base.protocol === 'https:'
  const options = { keepAlive: true, maxSockets: limits.connections }
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options)
  let notBeforeMs = 0
  const scrub = (text: string): string => {
    const token = authorization().replace(/^Bearer /, '')
    return token === '' ? text : text.replaceAll(token, '[token]')
  }

  const once = ({ method, path, body, signal }: HttpCall): Promise<Attempt> =>
    new Promise((resolve, reject) => {
      const data = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
      const call = (secure ? httpsRequest : httpRequest)({
        protocol: base.protocol,
        hostname: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        path: `${base.pathname.replace(/\/+$/, '')}${path}`,
        method,
        agent,
        headers: {
          Authorization: authorization(),
          'X-Correlation-Id': `rundesk_${randomUUID()}`,
          Accept: 'application/json',
          ...(data ? { 'Content-Type': 'application/json', 'Content-Length': data.length } : {}),
        },
      })
      let connected = false
      const give = (trouble: NoAnswer): void => {
        stop()
        call.destroy()
        reject(trouble)
      }
      const total = setTimeout(
        () =>
          give(new NoAnswer('timeout', `${base.host} did not answer within ${limits.totalMs / 1000} s.`, connected)),
        limits.totalMs,
      )
      let connecting: NodeJS.Timeout | undefined
      const abort = (): void => give(new NoAnswer('aborted', 'It was stopped before the answer came.', connected))
      const stop = (): void => {
        clearTimeout(total)
        clearTimeout(connecting)
        signal?.removeEventListener('abort', abort)
      }
      if (signal?.aborted) return abort()
      signal?.addEventListener('abort', abort, { once: true })
      call.on('socket', (socket) => {
        if (!socket.connecting) {
          connected = true
          return
        }
        connecting = setTimeout(
          () =>
            give(
              new NoAnswer(
                'unreachable',
                `${base.host} took no connection within ${limits.connectMs / 1000} s.`,
                false,
              ),
            ),
          limits.connectMs,
        )
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          connected = true
          clearTimeout(connecting)
        })
      })
      call.on('error', (error) => {
        const code = errnoCode(error) ?? error.message
        give(
          new NoAnswer(
            connected ? 'broken' : 'unreachable',
            scrub(`${base.host} cannot be reached (${code}).`),
            connected,
          ),
        )
      })
      call.on('response', (response) => {
        readBody(response, limits.maxResponseBytes).then(
          (text) => {
            stop()
            const status = response.statusCode ?? 0
            resolve({ status, text, body: parseJson(text), retryAfterMs: toRetryAfterMs(response) })
          },
          (error: unknown) =>
            give(
              error instanceof NoAnswer
                ? error
                : new NoAnswer(
                    'broken',
                    `The answer of ${base.host} broke off (${errnoCode(error) ?? 'aborted'}).`,
                    true,
                  ),
            ),
        )
      })
      call.end(data)
    })

  const pause = async (ms: number, signal: AbortSignal | undefined): Promise<void> => {
    await sleep(ms, undefined, signal ? { signal } : {}).catch(() => {
      throw new NoAnswer('aborted', 'It was stopped before it was sent again.', false)
    })
  }

  const request: HttpClient['request'] = async (call) => {
    let mayHaveArrived = false
    for (let attempt = 1; ; attempt++) {
      if (notBeforeMs > Date.now()) await pause(notBeforeMs - Date.now(), call.signal)
      const last = attempt >= limits.attempts
      const backoffMs = Math.min(limits.pauseMs * 2 ** (attempt - 1), limits.maxPauseMs) * (1 + Math.random() / 4)
      try {
        const answer = await once(call)
        if (!isBusy(answer.status) || last) return answer
        const askedMs = answer.retryAfterMs ?? 0
        if (askedMs > limits.maxRetryAfterMs) return answer
        if (askedMs > 0) notBeforeMs = Math.max(notBeforeMs, Date.now() + askedMs)
        await pause(Math.max(backoffMs, askedMs), call.signal)
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        mayHaveArrived ||= error.mayHaveArrived
        if (last || error.kind === 'aborted' || error.kind === 'too-large')
          throw new NoAnswer(error.kind, error.message, mayHaveArrived)
        await pause(backoffMs, call.signal).catch((stopped: unknown) => {
          throw stopped instanceof NoAnswer ? new NoAnswer('aborted', stopped.message, mayHaveArrived) : stopped
        })
      }
    }
  }
  return { request, scrub, close: () => agent.destroy() }
}

interface Attempt extends HttpAnswer {
  readonly retryAfterMs: number | null
}

function isBusy(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status <= 599)
}

function toRetryAfterMs({ headers }: IncomingMessage): number | null {
  const asked = headers['retry-after']
  if (asked === undefined) return null
  const ms = /^\d+$/.test(asked.trim()) ? Number(asked) * 1000 : Date.parse(asked) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > maxBytes)
      throw new NoAnswer('too-large', `The answer has more than ${maxBytes} bytes and was not read.`, true)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
