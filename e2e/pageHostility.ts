import { type HostileSource, hostileMessages } from '../shared/hostileMessages.testkit'

/** What came of hostile messages. */
export interface HostileTally {
  /** How many answers were values (`ok`), or failures with each code. */
  readonly codes: Readonly<Record<string, number>>
  /** The bridge could not carry them: they never left the page. */
  readonly notCarried: number
  /** Messages without an answer. */
  readonly unanswered: readonly string[]
  /** Answers that are neither a value nor a failure with a code. */
  readonly noOutcome: readonly string[]
  /** Failures that nobody expected. */
  readonly bugs: readonly string[]
}

interface Answer {
  readonly ok?: unknown
  readonly error?: { readonly code?: unknown; readonly message?: unknown }
}

const atOnce = 25
/** Longer than anything may wait for a lock. */
const patienceMs = 45_000

/** Sends so many hostile messages over the page's bridge. Runs in the page. */
export async function askHostile({
  count,
  ...source
}: HostileSource & { readonly count: number }): Promise<HostileTally> {
  const { rundesk } = globalThis as unknown as {
    readonly rundesk: { readonly request: (channel: unknown, input: unknown) => Promise<unknown> }
  }
  const messages = hostileMessages(source)
  const tally = {
    codes: {} as Record<string, number>,
    notCarried: 0,
    unanswered: [] as string[],
    noOutcome: [] as string[],
    bugs: [] as string[],
  }
  const ask = async (): Promise<void> => {
    const { channel, input, way } = messages.next().value
    let sent: Promise<unknown>
    try {
      sent = rundesk.request(channel, input)
    } catch {
      tally.notCarried++
      return
    }
    const late = Symbol('late')
    let timer: ReturnType<typeof setTimeout> | undefined
    const answer = await Promise.race([
      sent.catch((error: unknown) => ({ thrown: String(error) })),
      new Promise<typeof late>((done) => {
        timer = setTimeout(() => done(late), patienceMs)
      }),
    ])
    clearTimeout(timer)
    const shown = (): string => `${way} ${String(channel).slice(0, 60)} ${show(input)}`
    if (answer === late) tally.unanswered.push(shown())
    else if (typeof answer === 'object' && answer !== null && 'thrown' in answer) {
      if (/could not be cloned/.test(String(answer.thrown))) tally.notCarried++
      else tally.noOutcome.push(`${shown()}: ${answer.thrown}`)
    } else if (!isOutcome(answer)) tally.noOutcome.push(`${shown()}: ${show(answer)}`)
    else {
      const code = answer.ok === true ? 'ok' : String(answer.error?.code)
      tally.codes[code] = (tally.codes[code] ?? 0) + 1
      if (code === 'internal') tally.bugs.push(`${shown()}: ${String(answer.error?.message)}`)
    }
  }
  for (let left = count; left > 0; left -= atOnce)
    await Promise.all(Array.from({ length: Math.min(left, atOnce) }, ask))
  return tally
}

function isOutcome(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null) return false
  const { ok, error } = value as Answer
  return ok === true || (ok === false && typeof error?.code === 'string' && typeof error.message === 'string')
}

function show(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 300)
  } catch {
    return Object.prototype.toString.call(value)
  }
}
