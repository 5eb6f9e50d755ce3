/** Work that several wait for. It is stopped when the last of them has gone. */
export interface SharedWork<T> {
  /** Waits for it. Throws the reason of `signal` when that is aborted before. */
  readonly join: (signal?: AbortSignal) => Promise<T>
  readonly isStopped: () => boolean
  /** The work itself, for who only looks on. */
  readonly done: Promise<T>
}

/** Begins work. Who joins without a signal stays to its end. */
export function shareWork<T>(work: (signal: AbortSignal) => Promise<T>): SharedWork<T> {
  const stop = new AbortController()
  const done = work(stop.signal)
  done.catch(() => undefined) // Told to those who joined.
  let waiting = 0
  return {
    join: (signal) => {
      signal?.throwIfAborted()
      waiting++
      if (!signal) return done
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          reject(signal.reason)
          if (--waiting === 0) stop.abort(signal.reason)
        }
        signal.addEventListener('abort', leave, { once: true })
        const end =
          <V>(settle: (value: V) => void) =>
          (value: V): void => {
            signal.removeEventListener('abort', leave)
            settle(value)
          }
        done.then(end(resolve), end(reject))
      })
    },
    isStopped: () => stop.signal.aborted,
    done,
  }
}
