import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { Outcome } from '../../shared/outcome'
import type { EventLog, NumberedEvent } from './eventLog'
import { createPace } from './pace'

/** How much one page may want, and how long it may be silent. */
export interface PageLimits {
  readonly requestsPerSecond: number
  readonly requestsAtOnce: number
  /** With more than this unread, events wait, and then only the newest are told. */
  readonly heldBackBytes: number
  /** With more than this unread, no further request is taken. */
  readonly mostUnreadBytes: number
  /** How often a page is asked for a sign of life, in ms. */
  readonly beatMs: number
  /** After so many beats in a row without one it is closed. */
  readonly missedBeats: number
}

export const pageLimits: PageLimits = {
  requestsPerSecond: 500,
  requestsAtOnce: 32,
  heldBackBytes: 1024 * 1024,
  mostUnreadBytes: 16 * 1024 * 1024,
  beatMs: 10_000,
  missedBeats: 3,
}

/** Close codes (RFC 6455, 7.4) that a page tells apart. */
export const closeCodes = { ending: 1001, notARequest: 1008, notRead: 1013 } as const

/** How long a closed page may take to say goodbye, in ms. */
const goodbyeMs = 2_000

const callSchema = z.object({ id: z.number().int(), channel: z.unknown().optional(), input: z.unknown().optional() })
const notAChannel: Outcome<unknown> = { ok: false, error: { code: 'refused', message: 'A channel is a short text.' } }

export interface PageConnection {
  readonly tell: (event: NumberedEvent) => void
  /** Says goodbye, and hangs up when that is not answered. */
  readonly close: (code: number, reason: string) => void
}

/**
 * One page over one socket. Every call is answered, in its turn: who calls too fast, or does not read its answers, is not
 * heard until it has caught up, so that nothing piles up here. Events are told with their revision; a page that was away
 * names the last that it heard as `after`, and hears what it missed.
 */
export function connectPage({
  socket,
  log,
  after,
  request,
  limits = pageLimits,
}: {
  readonly socket: WebSocket
  readonly log: Pick<EventLog, 'revision' | 'since'>
  readonly after: number | null
  readonly request: (channel: string, input: unknown) => Promise<Outcome<unknown>>
  readonly limits?: PageLimits
}): PageConnection {
  const pace = createPace({ perSecond: limits.requestsPerSecond, burst: 2 * limits.requestsPerSecond, now: Date.now })
  const calls: string[] = []
  let underWay = 0
  let told = after ?? log.revision()
  let heldUp: NodeJS.Timeout | undefined

  const send = (message: unknown): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message), goOn)
  }
  const catchUp = (): void => {
    if (told === log.revision() || socket.bufferedAmount > limits.heldBackBytes) return
    const missed = log.since(told)
    told = log.revision()
    if (missed === null) send({ revision: told, missed: true })
    else for (const event of missed) send(event)
  }
  const takeCalls = (): void => {
    while (calls.length > 0 && underWay < limits.requestsAtOnce && socket.bufferedAmount <= limits.mostUnreadBytes) {
      if (heldUp !== undefined) return
      const waitMs = pace.take()
      if (waitMs > 0) {
        heldUp = setTimeout(() => {
          heldUp = undefined
          goOn()
        }, waitMs)
        return
      }
      take(calls.shift() ?? '')
    }
  }
  const take = (text: string): void => {
    const call = callSchema.safeParse(parseJson(text))
    if (!call.success) {
      close(closeCodes.notARequest, 'That is not a request of Rundesk.')
      return
    }
    const { id, channel, input } = call.data
    if (typeof channel !== 'string' || channel.length > 100) {
      send({ id, outcome: notAChannel })
      return
    }
    underWay++
    void request(channel, input).then((outcome) => {
      underWay--
      send({ id, outcome })
      goOn()
    })
  }
  /** Goes on with whatever waited. */
  function goOn(): void {
    if (socket.readyState !== socket.OPEN) return
    catchUp()
    takeCalls()
    if (calls.length > 0) socket.pause()
    else socket.resume()
  }
  const close = (code: number, reason: string): void => {
    calls.length = 0
    socket.resume() // To hear the answer.
    socket.close(code, reason)
    setTimeout(() => socket.terminate(), goodbyeMs).unref()
  }

  const stopBeat = startBeat({ socket, limits, beat: () => send({ revision: told }), close })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    stopBeat()
    clearTimeout(heldUp)
    calls.length = 0
  })
  socket.on('message', (data) => {
    calls.push(String(data))
    goOn()
  })
  send({ revision: told })
  catchUp()
  return {
    tell: (event) => {
      if (socket.bufferedAmount > limits.heldBackBytes || event.revision !== told + 1) return catchUp()
      told = event.revision
      send(event)
    },
    close,
  }
}

/** Closes a page that gives no sign of life: no answer to a ping, no call, and nothing read of what was sent. */
function startBeat({
  socket,
  limits,
  beat,
  close,
}: {
  readonly socket: WebSocket
  readonly limits: PageLimits
  readonly beat: () => void
  readonly close: (code: number, reason: string) => void
}): () => void {
  let silent = 0
  let unread = 0
  const alive = (): void => {
    silent = 0
  }
  socket.on('pong', alive)
  socket.on('message', alive)
  const timer = setInterval(() => {
    const isOurPause = socket.isPaused && socket.bufferedAmount === 0
    if (socket.bufferedAmount < unread || isOurPause) alive()
    unread = socket.bufferedAmount
    if (++silent > limits.missedBeats) {
      close(closeCodes.notRead, 'This page did not read what it was told.')
      return
    }
    if (unread > 0) return
    socket.ping()
    beat()
  }, limits.beatMs)
  timer.unref()
  return () => clearInterval(timer)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
