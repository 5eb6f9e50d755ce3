import type { ErrorClass, WritebackState } from '../../shared/writebacks'

/** How a status looks and what it is called. */
export interface StatusWord {
  readonly word: string
  readonly shape: 'dot' | 'ring' | 'check' | 'cross' | 'slash' | 'question' | 'retry' | 'pause' | 'dash'
  readonly tone: 'running' | 'completed' | 'failed' | 'waiting' | 'cancelled' | 'orphaned' | 'unsaved'
}

const words: Readonly<Record<string, StatusWord>> = {
  pending: { word: 'Pending', shape: 'ring', tone: 'cancelled' },
  running: { word: 'Running', shape: 'dot', tone: 'running' },
  completed: { word: 'Completed', shape: 'check', tone: 'completed' },
  failed: { word: 'Failed', shape: 'cross', tone: 'failed' },
  cancelled: { word: 'Cancelled', shape: 'slash', tone: 'cancelled' },
  paused: { word: 'Paused', shape: 'pause', tone: 'waiting' },
  needs_human: { word: 'Needs a person', shape: 'pause', tone: 'waiting' },
  skipped: { word: 'Skipped', shape: 'dash', tone: 'cancelled' },
  interrupted: { word: 'Interrupted', shape: 'question', tone: 'orphaned' },
  orphaned: { word: 'Orphaned', shape: 'question', tone: 'orphaned' },
  unconfirmed: { word: 'Running, unconfirmed', shape: 'ring', tone: 'running' },
  retrying: { word: 'Waits to retry', shape: 'retry', tone: 'waiting' },
}

/** The look of a run's or a step's status; an unknown one keeps its own word. */
export function statusWord(status: string): StatusWord {
  return words[status] ?? { word: status === 'unknown' ? 'Unknown' : status, shape: 'question', tone: 'cancelled' }
}

/** A run that claims to be running is shown as what is known of it. */
export function runStatusWord(run: {
  readonly status: string
  readonly liveness: string | null
  readonly retry: unknown
}): StatusWord {
  if (run.liveness === 'orphaned') return statusWord('orphaned')
  if (run.status === 'running' && run.retry !== null) return statusWord('retrying')
  if (run.status === 'running' && run.liveness === 'unconfirmed') return statusWord('unconfirmed')
  return statusWord(run.status)
}

const trajectoryWords: Readonly<Record<string, StatusWord>> = {
  active: { word: 'Active', shape: 'dot', tone: 'running' },
  completed: { word: 'Completed', shape: 'check', tone: 'completed' },
  abandoned: { word: 'Abandoned', shape: 'slash', tone: 'cancelled' },
  compacted: { word: 'Compacted', shape: 'dash', tone: 'cancelled' },
  unreadable: { word: 'Unreadable', shape: 'question', tone: 'unsaved' },
}

/** The look of a trajectory's status; an unknown one keeps its own word. */
export function trajectoryWord(status: string): StatusWord {
  return trajectoryWords[status] ?? statusWord(status)
}

/** What the known kinds of events are called, and in which tone. */
export const eventWords: Readonly<Record<string, { readonly word: string; readonly tone: StatusWord['tone'] | null }>> =
  {
    decision: { word: 'Decision', tone: 'running' },
    finding: { word: 'Finding', tone: 'completed' },
    reflection: { word: 'Reflection', tone: 'orphaned' },
    error: { word: 'Error', tone: 'failed' },
    note: { word: 'Note', tone: null },
    prompt: { word: 'Prompt', tone: null },
    thinking: { word: 'Thinking', tone: null },
    tool_call: { word: 'Tool call', tone: null },
    tool_result: { word: 'Tool result', tone: null },
    message_sent: { word: 'Sent', tone: null },
    message_received: { word: 'Received', tone: null },
  }

/** The look of a writeback's state. */
export const writebackWords: Readonly<Record<WritebackState, StatusWord>> = {
  delivered: { word: 'Delivered', shape: 'check', tone: 'completed' },
  accepted: { word: 'Accepted, receipt awaited', shape: 'dot', tone: 'running' },
  stuck: { word: 'Stuck', shape: 'cross', tone: 'failed' },
  retrying: { word: 'Waits to retry', shape: 'retry', tone: 'waiting' },
  waiting: { word: 'Waiting', shape: 'ring', tone: 'cancelled' },
  conflict: { word: 'Conflict', shape: 'pause', tone: 'waiting' },
  rejected: { word: 'Rejected', shape: 'cross', tone: 'failed' },
  stale: { word: 'Delivered, old evidence', shape: 'check', tone: 'cancelled' },
  gone: { word: 'Local file gone', shape: 'slash', tone: 'orphaned' },
  unknown: { word: 'Cannot be told', shape: 'question', tone: 'orphaned' },
  unreadable: { word: 'Unreadable', shape: 'question', tone: 'unsaved' },
}

const classWords: Readonly<Record<ErrorClass, string>> = {
  auth: 'not logged in',
  permission: 'not allowed',
  conflict: 'conflict',
  'too-large': 'too large',
  invalid: 'invalid',
  gone: 'not found',
  rate: 'rate limit',
  server: 'server error',
  network: 'network',
  provider: 'provider refused',
  other: 'other error',
}

/** What a kind of error is called. */
export function errorWord(kind: ErrorClass | null): string {
  return kind === null ? 'no error' : classWords[kind]
}

/** A code such as `malformed_line`, or words, as a heading says it: "Malformed line". */
export function sentenceCase(words: string): string {
  const said = words.toLowerCase().replaceAll('_', ' ')
  return said.charAt(0).toUpperCase() + said.slice(1)
}

/** "1 writeback", "14 writebacks" */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`
}

/** Bytes as a person says them. */
export function toSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** power).toPrecision(3)} ${units[power - 1]}`
}
