import { RundeskError } from '../../shared/outcome'

/** Who asks, on which channel. Without an asker nobody's next question ends this one. */
interface Asking {
  readonly asker: string | undefined
  readonly channel: string
  /** What is asked, in words of its own for every question. */
  readonly question: string
}

/** Ends questions whose answer nobody waits for any more. */
export interface SourceAskers {
  /** Gives a signal that is aborted when the asker asks something else on the channel, or leaves. */
  readonly ask: <T>(asking: Asking, answer: (signal: AbortSignal) => Promise<T>) => Promise<T>
  /** The asker waits for nothing any more. */
  readonly leave: (asker: string) => void
  readonly close: () => void
}

/** Knows what each asker asked last on each channel. No question goes on for longer than `longestMs`. */
export function createSourceAskers({ longestMs = 60_000 }: { readonly longestMs?: number } = {}): SourceAskers {
  const going = new Map<string, { readonly question: string; readonly stops: Set<AbortController> }>()
  const all = new Set<AbortController>()
  return {
    ask: async ({ asker, channel, question }, answer) => {
      const stop = new AbortController()
      all.add(stop)
      const key = asker === undefined ? null : keyOf(asker, channel)
      if (key !== null) {
        const earlier = going.get(key)
        if (earlier?.question === question) earlier.stops.add(stop)
        else {
          abort(earlier?.stops)
          going.set(key, { question, stops: new Set([stop]) })
        }
      }
      const bound = setTimeout(() => stop.abort(tookTooLong(longestMs)), longestMs)
      try {
        return await answer(stop.signal)
      } finally {
        clearTimeout(bound)
        all.delete(stop)
        const own = key === null ? undefined : going.get(key)
        if (key !== null && own?.stops.delete(stop) && own.stops.size === 0) going.delete(key)
      }
    },
    leave: (asker) => {
      for (const [key, { stops }] of going) if (key.startsWith(keyOf(asker, ''))) abort(stops)
    },
    close: () => {
      for (const stop of all) stop.abort(new RundeskError('changed', 'Rundesk is being closed.'))
    },
  }
}

function abort(stops: ReadonlySet<AbortController> = new Set()): void {
  for (const stop of stops) stop.abort(replaced())
}

function keyOf(asker: string, channel: string): string {
  return `${asker}\n${channel}`
}

function replaced(): RundeskError {
  return new RundeskError('changed', 'Something else was asked meanwhile, so this was not looked for to its end.')
}

function tookTooLong(ms: number): RundeskError {
  return new RundeskError('unreachable', `The source did not answer within ${Math.round(ms / 1_000)} s. Try again.`)
}
