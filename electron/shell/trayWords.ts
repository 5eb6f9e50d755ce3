import type { WindowPlace } from '../../shared/notices'

/** What the tray shows of all workspaces. */
export interface TrayCounts {
  readonly running: number
  readonly needsYou: number
  readonly undelivered: number
  readonly unread: number
  /** The pause of notifications ends then, in ms; null when there is none. */
  readonly pausedUntilMs: number | null
}

/** A line of the tray's menu: it leads to a place, does something, or parts others. */
export type TrayItem =
  | { readonly kind: 'place'; readonly label: string; readonly place: WindowPlace }
  | { readonly kind: 'act'; readonly label: string; readonly act: 'open' | 'pause' | 'unpause' | 'quit' }
  | { readonly kind: 'line' }

const line: TrayItem = { kind: 'line' }
const pauseWords = 'Pause notifications for 1 hour'

/** The menu of the tray with live counts. */
export function trayItems({ running, needsYou, undelivered, unread, pausedUntilMs }: TrayCounts): readonly TrayItem[] {
  const until =
    pausedUntilMs === null ? '' : new Date(pausedUntilMs).toLocaleTimeString('en-GB', { timeStyle: 'short' })
  return [
    { kind: 'act', label: 'Open Rundesk', act: 'open' },
    line,
    { kind: 'place', label: `${count(running)} running`, place: 'running' },
    {
      kind: 'place',
      label: needsYou === 1 ? '1 run needs you' : `${count(needsYou)} runs need you`,
      place: 'needs-you',
    },
    {
      kind: 'place',
      label: undelivered === 1 ? '1 undelivered writeback' : `${count(undelivered)} undelivered writebacks`,
      place: 'undelivered',
    },
    { kind: 'place', label: `Notifications (${count(unread)} unread)`, place: 'notices' },
    line,
    pausedUntilMs === null
      ? { kind: 'act', label: pauseWords, act: 'pause' }
      : { kind: 'act', label: `End the pause of notifications (until ${until})`, act: 'unpause' },
    line,
    { kind: 'act', label: 'Quit Rundesk', act: 'quit' },
  ]
}

/** What stands beside the icon under the pointer. */
export function trayTip({ running, needsYou, undelivered }: TrayCounts): string {
  return `Rundesk: ${count(running)} running, ${count(needsYou)} ${needsYou === 1 ? 'needs' : 'need'} you, ${count(undelivered)} undelivered`
}

function count(number: number): string {
  return number.toLocaleString('en')
}
