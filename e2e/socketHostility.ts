import { once } from 'node:events'
import { WebSocket } from 'ws'
import { type HostileSource, hostileMessages } from '../shared/hostileMessages.testkit'

/** Where hostile messages are sent: the address of a page's session and its cookie. */
export interface Bridged {
  readonly page: URL
  readonly cookie: string
}

/** What came of them. */
export interface SocketTally {
  /** How many answers were values (`ok`), or failures with each code. */
  readonly codes: Record<string, number>
  /** The close codes after frames that are no calls. */
  readonly closed: Record<number, number>
  readonly unanswered: string[]
  readonly bugs: string[]
}

const atOnce = 40
const framesEvery = 200
/** Longer than anything may wait for a lock. */
const patienceMs = 45_000
const noCalls = [
  '',
  'null',
  '[',
  '{"id":"1"}',
  '{"id":1e99}',
  '[[]]',
  '\0',
  '"__proto__"',
  Buffer.from([0xff, 0xfe, 0]),
]

/** Shows the token and gives the session, as a browser does. */
export async function showToken(url: string): Promise<Bridged> {
  const answer = await fetch(url, { redirect: 'manual' })
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  return { page: new URL(answer.headers.get('location') ?? '', url), cookie }
}

/** Opens the bridge of a session. */
export async function openSocket({ page, cookie }: Bridged, after?: number): Promise<WebSocket> {
  const address = new URL(`bridge${after === undefined ? '' : `?after=${after}`}`, page.href.replace('http', 'ws'))
  const socket = new WebSocket(address, { headers: { Origin: page.origin, Cookie: cookie } })
  await once(socket, 'open')
  return socket
}

/** Asks one thing and gives its value. */
export async function askSocket(bridged: Bridged, channel: string, input: unknown): Promise<unknown> {
  const socket = await openSocket(bridged)
  const answer = new Promise<unknown>((resolve) => {
    socket.on('message', (data) => {
      const { id, outcome } = JSON.parse(String(data)) as { id?: number; outcome?: { value?: unknown } }
      if (id === 1) resolve(outcome?.value)
    })
  })
  socket.send(JSON.stringify({ id: 1, channel, input }))
  const value = await answer
  socket.terminate()
  return value
}

/** Sends so many hostile messages over a socket, and between them frames that are no calls. */
export async function attackSocket(
  bridged: Bridged,
  { count, onProgress, ...source }: HostileSource & { readonly count: number; readonly onProgress: () => void },
): Promise<SocketTally> {
  const tally: SocketTally = { codes: {}, closed: {}, unanswered: [], bugs: [] }
  const messages = hostileMessages(source)
  let id = 0
  for (let left = count; left > 0; left -= framesEvery) {
    const socket = await openSocket(bridged, left)
    const waiting = new Map<number, { readonly told: string; readonly answered: () => void }>()
    socket.on('message', (data) => {
      const { id: of, outcome } = JSON.parse(String(data))
      const call = waiting.get(of)
      if (!call) return
      waiting.delete(of)
      const code = outcome.ok === true ? 'ok' : String(outcome.error?.code)
      tally.codes[code] = (tally.codes[code] ?? 0) + 1
      if (code === 'internal' || code === 'undefined') tally.bugs.push(`${call.told}: ${JSON.stringify(outcome)}`)
      call.answered()
    })
    const closed = once(socket, 'close') as Promise<[number]>
    socket.on('close', () => {
      for (const { told, answered } of waiting.values()) {
        tally.unanswered.push(told)
        answered()
      }
    })
    const ask = async (): Promise<void> => {
      const { channel, input, way } = messages.next().value
      const text = toText({ id: ++id, channel, input })
      if (text === undefined) return
      const told = `${way} ${text.slice(0, 300)}`
      const answered = new Promise<void>((resolve) => waiting.set(id, { told, answered: resolve }))
      socket.send(text)
      const late = setTimeout(() => socket.terminate(), patienceMs)
      await answered
      clearTimeout(late)
      onProgress()
    }
    for (let some = Math.min(left, framesEvery); some > 0; some -= atOnce)
      await Promise.all(Array.from({ length: Math.min(some, atOnce) }, ask))
    socket.send(noCalls[((left / framesEvery) % noCalls.length) | 0] ?? '')
    const [code] = await closed
    tally.closed[code] = (tally.closed[code] ?? 0) + 1
  }
  return tally
}

/** As it goes over the wire; undefined where JSON cannot carry it. */
function toText(message: unknown): string | undefined {
  try {
    return JSON.stringify(message)
  } catch {
    return undefined
  }
}
