import { type Channel, contract, type Handlers } from '../../shared/contract'
import { issueWords } from '../../shared/issueWords'
import { type ErrorCode, type Outcome, RundeskError, toFailure } from '../../shared/outcome'

/** Who asks: a window (or a browser), which is served only what a window may do, or the command line. */
export type Caller = 'window' | 'cli'

/**
 * The one way into the handlers: checks the channel, the caller and the input against the contract, and turns whatever
 * happens into data. In read-only mode no act gets further. Never throws. An unexpected throw is reported to `onBug`.
 */
export function createDispatch(
  handlers: Handlers,
  {
    onBug,
    readOnly,
  }: {
    readonly onBug: (error: unknown) => void
    /** Why no act with this input is possible; null when it is. */
    readonly readOnly: (input: unknown) => string | null
  },
): (channel: string, input: unknown, caller: Caller) => Promise<Outcome<unknown>> {
  return async (channel, input, caller) => {
    if (!isChannel(channel)) return refuse(`There is no channel ${JSON.stringify(channel.slice(0, 80))}.`)
    const declared = contract[channel]
    if ('cliOnly' in declared && caller !== 'cli') return refuse(`${channel} is not served to a window.`)
    const refused = 'acts' in declared ? readOnly(input) : null
    if (refused !== null) return refuse(refused)
    const parsed = declared.input.safeParse(input)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const what = `${JSON.stringify(issue?.path.join('.') || 'input')} ${issue ? issueWords(issue) : 'is not valid'}`
      const where = caller === 'cli' ? '' : `${channel}: ` // A person typed it, or a window has a fault.
      return refuse(`${where}${what.replace(/\.?$/, '.')}`, caller === 'cli' ? 'usage' : 'refused')
    }
    try {
      const handler = handlers[channel] as (input: unknown) => Promise<unknown>
      return { ok: true, value: await handler(parsed.data) }
    } catch (error) {
      const failure = toFailure(error)
      if (!(error instanceof RundeskError)) onBug(error)
      return { ok: false, error: failure }
    }
  }
}

function isChannel(channel: string): channel is Channel {
  return Object.hasOwn(contract, channel)
}

function refuse(message: string, code: ErrorCode = 'refused'): Outcome<unknown> {
  return { ok: false, error: { code, message } }
}
