import { type FSWatcher, watch } from 'node:fs'
import { availableParallelism } from 'node:os'
import { openSlotFile } from './slotFiles'

/** The places of a machine: so many bodies of steps run at once, of all runs in all Rundesk processes together. */
export interface StepSlots {
  /** A place when one is free now, with the function that gives it back. */
  readonly tryTake: () => (() => void) | undefined
  /** The next place that is free, in the order of the calls; undefined when `signal` aborts first. */
  readonly take: (signal: AbortSignal) => Promise<(() => void) | undefined>
  readonly close: () => Promise<void>
}

/** Where no limit is set: four times the number of processors. */
export const defaultParallelSteps = 4 * availableParallelism()

/** So long places that nobody here needs stay with this process, for the next step. */
const idleMs = 100
/** Where no word comes of what others gave back, it is looked at after so long. */
const lookMs = 500

/** No limit: inside a step of another run, whose place it shares, and where nobody asked for one. */
export const unlimitedSlots: StepSlots = {
  tryTake: () => () => undefined,
  take: async () => () => undefined,
  close: async () => undefined,
}

interface Waiting {
  readonly grant: () => void
}

/**
 * Shares the places of `limit` with all processes that name the same folder. Each has a fair share while others wait, and
 * all that are free otherwise. When the folder cannot be used each process has the limit for itself.
 */
export function createStepSlots({ dir, limit }: { readonly dir: string; readonly limit: () => number }): StepSlots {
  const file = openSlotFile(dir)
  let held = 0
  let used = 0
  /** So many places may be used here, for others wait. */
  let share = Number.POSITIVE_INFINITY
  let queue: Waiting[] = []
  let deciding: Promise<void> | undefined
  let again = false
  let timer: NodeJS.Timeout | undefined
  let watcher: FSWatcher | undefined
  let closed = false

  const grantFree = (): void => {
    while (used < Math.min(held, share)) {
      const next = queue.shift()
      if (!next) return
      used++
      next.grant()
    }
  }
  const decideOnce = async (): Promise<void> => {
    try {
      await file.decide((others) => {
        const wanted = used + queue.length
        share =
          others.waiting === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(limit() / (others.waiting + 1)))
        held = Math.max(used, Math.min(wanted, share, limit() - others.held))
        return { held, waits: held < wanted }
      })
    } catch {
      held = Math.max(used, Math.min(used + queue.length, limit()))
    }
    grantFree()
  }
  const decide = (): void => {
    again = true
    deciding ??= (async () => {
      while (again && !closed) {
        again = false
        follow()
        await decideOnce()
      }
      deciding = undefined
      later()
    })()
  }
  /** Looks again when others gave something back, wait, or nobody told. */
  const later = (): void => {
    clearTimeout(timer)
    if (closed || (queue.length === 0 && held === used)) return
    const look = (): void => {
      if (queue.length > 0 || held !== used) decide()
    }
    timer = setTimeout(look, queue.length > 0 ? lookMs : idleMs)
    if (queue.length === 0) timer.unref()
  }
  const follow = (): void => {
    if (watcher || closed) return
    try {
      watcher = watch(dir, (_event, name) => {
        if (name !== file.name && name?.endsWith('.json') && (held > 0 || queue.length > 0)) decide()
      })
      watcher.on('error', () => undefined)
      watcher.unref()
    } catch {
      // The folder is not there yet, or cannot be watched: the timer looks.
    }
  }
  const giveBack = (): (() => void) => {
    let given = false
    return () => {
      if (given) return
      given = true
      used--
      grantFree()
      if (queue.length > 0 || share < Number.POSITIVE_INFINITY) decide()
      else if (!deciding) later()
    }
  }

  return {
    tryTake: () => {
      if (queue.length > 0 || used >= Math.min(held, share)) return undefined
      used++
      return giveBack()
    },
    take: (signal) =>
      new Promise((resolve) => {
        const onAbort = (): void => {
          queue = queue.filter((one) => one !== waiting)
          resolve(undefined)
        }
        const waiting: Waiting = {
          grant: () => {
            signal.removeEventListener('abort', onAbort)
            resolve(giveBack())
          },
        }
        if (signal.aborted) return resolve(undefined)
        signal.addEventListener('abort', onAbort, { once: true })
        queue.push(waiting)
        grantFree()
        if (queue.includes(waiting)) decide()
      }),
    close: async () => {
      closed = true
      clearTimeout(timer)
      watcher?.close()
      await deciding
      await file.remove().catch(() => undefined)
    },
  }
}
