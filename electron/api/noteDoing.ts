import type { App } from './app'
import { becauseOf, type RunningMark } from './runningMark'

/** A run that has ended is told a moment before it leaves the list of those that are executed, in ms. */
const afterMs = 1_000

/** Keeps in the mark what the app does, until the mark is closed. */
export function noteDoing(app: App, mark: RunningMark): void {
  const note = (): void => mark.note({ runs: [...app.executing()], unsavedRows: app.unsavedRows() })
  let waits = false
  app.subscribe(() => {
    note()
    if (waits) return
    waits = true
    setTimeout(() => {
      waits = false
      note()
    }, afterMs)
  })
}

/**
 * Calls `end`, which ends the process, on an error that nothing caught, after it was noted: what it would do from then on
 * could not be trusted. The next start then says why. Gives what stops that.
 */
export function endOnFatalErrors(mark: RunningMark, end: (error: unknown) => void): () => void {
  const hear = (error: unknown): void => {
    mark.endBecause(becauseOf(error))
    end(error)
  }
  process.on('uncaughtException', hear)
  return () => {
    process.off('uncaughtException', hear)
  }
}
