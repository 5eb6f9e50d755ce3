/** A time of day as `HH:MM`, and the days of the week on which it begins (0 is Sunday). */
export interface QuietHours {
  readonly on: boolean
  readonly from: string
  readonly to: string
  readonly days: readonly number[]
}

/** A moment as the person's clock shows it. */
export interface ClockTime {
  /** 0 is Sunday. */
  readonly weekday: number
  /** Minutes since midnight. */
  readonly minute: number
}

const minutesOfDay = 24 * 60

/**
 * Is it quiet at this moment? From `from` on (inclusive) until `to` (exclusive). When `to` is not after `from` it is that
 * time of the next day, and the night belongs to the day on which it began; equal times are a whole day.
 */
export function isQuiet({ on, from, to, days }: QuietHours, now: ClockTime): boolean {
  if (!on) return false
  const [start, end] = [toMinute(from), toMinute(to)]
  if (start < end) return days.includes(now.weekday) && now.minute >= start && now.minute < end
  if (now.minute >= start) return days.includes(now.weekday)
  return now.minute < end && days.includes((now.weekday + 6) % 7)
}

/** What this machine's clock shows at a time in ms. */
export function toClockTime(ms: number): ClockTime {
  const date = new Date(ms)
  return { weekday: date.getDay(), minute: date.getHours() * 60 + date.getMinutes() }
}

function toMinute(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (hours * 60 + minutes) % minutesOfDay
}
