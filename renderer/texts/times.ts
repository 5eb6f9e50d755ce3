const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** "2 min ago"; the full time belongs into the title. */
export function ago(at: string | null, nowMs: number): string {
  if (at === null) return 'never'
  const ms = nowMs - Date.parse(at)
  if (Number.isNaN(ms)) return at
  if (ms < 5 * second) return 'just now'
  if (ms < minute) return `${Math.floor(ms / second)} s ago`
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`
  if (ms < day) return `${Math.floor(ms / hour)} h ago`
  return `${Math.floor(ms / day)} d ago`
}

/** "1m 12s", "420 ms" */
export function duration(ms: number): string {
  if (!(ms >= 0)) return ''
  if (ms < second) return `${Math.round(ms)} ms`
  if (ms < minute) return `${(ms / second).toFixed(1)}s`
  if (ms < hour) return `${Math.floor(ms / minute)}m ${Math.floor((ms % minute) / second)}s`
  return `${Math.floor(ms / hour)}h ${Math.floor((ms % hour) / minute)}m`
}

/** How long something took or takes; null before it began. */
export function tookMs(from: string | null, to: string | null, nowMs: number): number | null {
  if (from === null) return null
  const ms = (to === null ? nowMs : Date.parse(to)) - Date.parse(from)
  return Number.isNaN(ms) ? null : Math.max(0, ms)
}

/** The full local time, for titles. */
export function fullTime(at: string | null): string {
  if (at === null) return ''
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? at : `${date.toLocaleString('en-GB')} (${at})`
}

/** The local time of day, with seconds. */
export function clock(at: string | null): string {
  if (at === null) return ''
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? at : date.toLocaleTimeString('en-GB')
}

/** The local time of day of something that is near, else with its day. */
export function soon(at: string, nowMs: number): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  return Math.abs(date.getTime() - nowMs) < day / 2 ? date.toLocaleTimeString('en-GB') : date.toLocaleString('en-GB')
}

/** What main tells with times of files in it, told with the local times of {@link soon} instead. */
export function withLocalTimes(text: string, nowMs = Date.now()): string {
  return text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (at) => soon(at, nowMs))
}

/** Does {@link ago} tell this time in seconds? */
export function isCountedInSeconds(at: string | null, nowMs: number): boolean {
  return at !== null && nowMs - Date.parse(at) < minute
}
