import type { NoticeKind } from '../notices'
import type { Settings } from '../settings'
import { type ClockTime, isQuiet } from './quietHours'

/** What comes again within this time after it popped up is only counted, in ms. */
export const calmMs = 5 * 60_000

/** How a person is told: kept in the list or not at all, popping up in the window or not, by the desktop or not. */
export interface Telling {
  readonly keeps: boolean
  readonly popsUp: boolean
  readonly desktop: boolean
}

/** Decides how what happened is told. `lastMs` is when the same popped up last; null for never. */
export function tellingOf(
  kind: NoticeKind,
  settings: Settings,
  { nowMs, clock, lastMs }: { readonly nowMs: number; readonly clock: ClockTime; readonly lastMs: number | null },
): Telling {
  if (!isWanted(kind, settings)) return { keeps: false, popsUp: false, desktop: false }
  const { notifyPausedUntil, quietHours, notifyDesktop } = settings
  const paused = notifyPausedUntil !== null && Date.parse(notifyPausedUntil) > nowMs
  const again = lastMs !== null && lastMs <= nowMs && nowMs - lastMs < calmMs
  const popsUp = !paused && !again && !isQuiet(quietHours, clock)
  return { keeps: true, popsUp, desktop: popsUp && notifyDesktop }
}

function isWanted(kind: NoticeKind, settings: Settings): boolean {
  switch (kind) {
    case 'run-ended':
      return settings.notifyRuns
    case 'new-failure':
      return settings.notifyFailures
    case 'writebacks':
      return settings.notifyWritebacks
    case 'unsaved':
      return settings.notifyUnsaved
    case 'update':
      return settings.updates !== 'off'
  }
}
