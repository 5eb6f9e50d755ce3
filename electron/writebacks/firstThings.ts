import { setTimeout as sleep } from 'node:timers/promises'

/** What was begun shows what it does only a little later, in ms. */
const lingerMs = 150

/** Lets work that nobody waits for stand back while somebody waits for other work. */
export interface FirstThings {
  /** Does what somebody waits for. */
  readonly first: <T>(action: () => Promise<T>) => Promise<T>
  /** A promise while that goes on, and a little longer; undefined when nothing does. */
  readonly over: () => Promise<void> | undefined
}

export function createFirstThings(): FirstThings {
  let going: Promise<void> | undefined
  return {
    first: (action) => {
      const result = action()
      const both = Promise.allSettled([going, result.finally(() => sleep(lingerMs))]).then(() => {
        if (going === both) going = undefined
      })
      going = both
      return result
    },
    over: () => going,
  }
}
