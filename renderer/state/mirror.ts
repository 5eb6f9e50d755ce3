import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Failure } from '../../shared/outcome'
import { toFailure } from '../../shared/outcome'

/** What a mirror holds: nothing yet, the newest value, or why it could not be had (with the last value, if any). */
export interface Mirrored<T> {
  readonly value: T | null
  readonly failure: Failure | null
  readonly loading: boolean
}

/** A copy of something that main owns, fetched again when it changed. */
export interface Mirror<T> {
  readonly store: StoreApi<Mirrored<T>>
  /** Asks again. Answers that come late never overwrite newer ones. */
  readonly refresh: () => Promise<void>
  readonly close: () => void
}

/** Mirrors what `fetch` gives. `subscribe` calls back when it may have changed; calls while one is under way become one more. */
export function createMirror<T>({
  fetch,
  subscribe,
}: {
  readonly fetch: () => Promise<T>
  readonly subscribe: (changed: () => void) => () => void
}): Mirror<T> {
  const store = createStore<Mirrored<T>>(() => ({ value: null, failure: null, loading: true }))
  let asked = 0
  let shown = 0
  let busy = false
  let again = false
  let closed = false

  const refresh = async (): Promise<void> => {
    const number = ++asked
    store.setState({ loading: true })
    try {
      const value = await fetch()
      if (closed || number < shown) return
      shown = number
      store.setState({ value, failure: null, loading: number !== asked })
    } catch (error) {
      if (closed || number < shown) return
      shown = number
      store.setState({ failure: toFailure(error), loading: number !== asked })
    }
  }
  const onChange = (): void => {
    if (busy) {
      again = true
      return
    }
    busy = true
    void refresh().finally(() => {
      busy = false
      if (!again || closed) return
      again = false
      onChange()
    })
  }
  const unsubscribe = subscribe(onChange)
  onChange()
  return {
    store,
    refresh,
    close: () => {
      closed = true
      unsubscribe()
    },
  }
}
