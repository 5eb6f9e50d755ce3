/** Tells the time, in ms, again and again. Gives what ends it. */
export type Clock = (listener: (nowMs: number) => void) => () => void

/**
 * A clock with one timer for all who listen, so that they change in one go. It stands still while nobody can see the
 * page, and tells the time as soon as somebody can again.
 */
export function createClock(periodMs: number): Clock {
  const listeners = new Set<(nowMs: number) => void>()
  let timer: ReturnType<typeof setInterval> | undefined

  const tell = (): void => {
    const nowMs = Date.now()
    for (const listener of [...listeners]) listener(nowMs)
  }
  const wind = (): void => {
    clearInterval(timer)
    timer = document.hidden || listeners.size === 0 ? undefined : setInterval(tell, periodMs)
  }
  const onVisibility = (): void => {
    if (!document.hidden) tell()
    wind()
  }
  return (listener) => {
    listeners.add(listener)
    if (listeners.size === 1) {
      document.addEventListener('visibilitychange', onVisibility)
      wind()
    }
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      document.removeEventListener('visibilitychange', onVisibility)
      wind()
    }
  }
}
