import type { Channel, EventName, EventPayload, Input, Output } from './contract'
import { type Outcome, RundeskError } from './outcome'

/** What carries requests and events: the preload bridge in Electron, a WebSocket in the browser host, a direct call in tests. */
export interface Bridge {
  readonly request: (channel: string, input: unknown) => Promise<unknown>
  readonly subscribe: (listener: (event: string, payload: unknown) => void) => () => void
  /** Where a file lies that a person dropped onto the window; missing where pages are not told. */
  readonly pathOf?: (file: unknown) => string
}

export interface Client {
  /** Asks main. Throws {@link RundeskError} with the failure's code and words. */
  readonly request: <C extends Channel>(channel: C, input: Input<C>) => Promise<Output<C>>
  /** Calls back for every event of that name until the returned function is called. */
  readonly on: <E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void) => () => void
}

type Heard = (event: string, payload: unknown) => void

/** The typed client over any bridge. The types are those of shared/contract.ts; main checks every input against its schema. */
export function createClient(bridge: Bridge): Client {
  /** All of them share one subscription: a window shows many things at once. */
  const hearers = new Set<Heard>()
  let stop: (() => void) | undefined
  return {
    request: async <C extends Channel>(channel: C, input: Input<C>) => {
      const outcome = (await bridge.request(channel, input)) as Outcome<Output<C>>
      if (outcome.ok) return outcome.value
      const { code, message, details } = outcome.error
      throw new RundeskError(code, message, details ? { details } : {})
    },
    on: (event, listener) => {
      const heard: Heard = (name, payload) => {
        if (name === event) listener(payload as Parameters<typeof listener>[0])
      }
      hearers.add(heard)
      stop ??= bridge.subscribe((name, payload) => {
        for (const hearer of [...hearers]) hearer(name, payload)
      })
      return () => {
        if (!hearers.delete(heard) || hearers.size > 0) return
        stop?.()
        stop = undefined
      }
    },
  }
}
