/** Runs an action when one of few places is free; gives `stopped`, without running it, when the signal came first. */
export type Slots = <T>(signal: AbortSignal, action: () => Promise<T>) => Promise<T | 'stopped'>

/** At most so many actions at a time; those who wait are served in order. */
export function createSlots(places: number): Slots {
  let free = places
  let waiting: (() => void)[] = []

  const take = (signal: AbortSignal): Promise<boolean> => {
    if (signal.aborted) return Promise.resolve(false)
    if (free > 0) {
      free--
      return Promise.resolve(true)
    }
    return new Promise((resolve) => {
      const serve = (): void => {
        signal.removeEventListener('abort', leave)
        resolve(true)
      }
      const leave = (): void => {
        waiting = waiting.filter((one) => one !== serve)
        resolve(false)
      }
      waiting.push(serve)
      signal.addEventListener('abort', leave, { once: true })
    })
  }
  const give = (): void => {
    const next = waiting.shift()
    if (next) next()
    else free++
  }

  return async (signal, action) => {
    if (!(await take(signal))) return 'stopped'
    try {
      return await action()
    } finally {
      give()
    }
  }
}
