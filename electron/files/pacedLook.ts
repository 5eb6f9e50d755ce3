import { alwaysThere, type Onlooker } from './onlooker'

/** Looks at something again and again. */
export interface PacedLook {
  /** Begins, with a first look after so many ms. */
  readonly start: (afterMs: number) => void
  /** Something changed: looks now, or when a look that goes on or was just made has rested. */
  readonly tell: () => void
  readonly close: () => void
}

/**
 * Paces `look`, which gives after how many ms to look again if nobody tells of a change until then. Between two looks lie
 * at least `restMs`. Nothing is looked at before `start`, which is asked for once. When `onlooker` comes, it is looked
 * at again.
 */
export function createPacedLook({
  look,
  restMs,
  onlooker = alwaysThere,
}: {
  readonly look: () => Promise<number>
  readonly restMs: number
  readonly onlooker?: Onlooker
}): PacedLook {
  let timer: NodeJS.Timeout | undefined
  let endedMs = Number.NEGATIVE_INFINITY
  let isLooking = false
  let isTold = false
  let closed = false

  const schedule = (afterMs: number): void => {
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(() => void run(), afterMs)
    timer.unref()
  }
  const run = async (): Promise<void> => {
    isLooking = true
    isTold = false
    const pauseMs = await look()
    isLooking = false
    endedMs = performance.now()
    schedule(isTold ? restMs : pauseMs)
  }
  const tell = (): void => {
    if (isTold || closed) return
    isTold = true
    if (!isLooking && timer) schedule(Math.max(0, endedMs + restMs - performance.now()))
  }
  const unfollow = onlooker.onCome(tell)
  return {
    start: schedule,
    tell,
    close: () => {
      closed = true
      unfollow()
      clearTimeout(timer)
    },
  }
}
