import { type RefObject, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { Client } from '../../shared/client'
import type { EventName } from '../../shared/contract'
import { useClient } from './client'
import { createMirror, type Mirror, type Mirrored } from './mirror'

const nothing = { value: null, failure: null, loading: true } as const

interface Question<T> {
  readonly fetch: (client: Client) => Promise<T>
  readonly events: readonly EventName[]
}

/**
 * The mirrored answer of a request, asked again on the named events and when `key` changes. `key` names what is asked:
 * the same key is the same question.
 */
export function useMirror<T>(
  key: string,
  fetch: (client: Client) => Promise<T>,
  events: readonly EventName[],
): Mirrored<T> & { readonly refresh: () => Promise<void> } {
  const client = useClient()
  const question = useRef<Question<T>>({ fetch, events })
  question.current = { fetch, events }
  const handle = useMemo(() => createHandle(client, key, question), [client, key])
  useEffect(() => handle.start(), [handle])
  const state = useSyncExternalStore(handle.subscribe, handle.read)
  return { ...state, refresh: handle.refresh }
}

/** Starts a mirror while somebody shows it. `_key` only makes another question another handle. */
function createHandle<T>(client: Client, _key: string, question: RefObject<Question<T>>) {
  const listeners = new Set<() => void>()
  let mirror: Mirror<T> | undefined
  return {
    start: () => {
      const { fetch, events } = question.current
      mirror = createMirror({
        fetch: () => fetch(client),
        subscribe: (changed) => {
          const stops = events.map((event) => client.on(event, changed))
          return () => {
            for (const stop of stops) stop()
          }
        },
      })
      const tell = (): void => {
        for (const listener of listeners) listener()
      }
      const stop = mirror.store.subscribe(tell)
      tell()
      return () => {
        stop()
        mirror?.close()
        mirror = undefined
      }
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    read: (): Mirrored<T> => mirror?.store.getState() ?? nothing,
    refresh: async () => {
      await mirror?.refresh()
    },
  }
}
