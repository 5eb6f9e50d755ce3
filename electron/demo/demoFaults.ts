import type { Demo, DemoFault, demoFaults } from '../../shared/contract'
import type { ActiveFault, CallKind, FaultBook, FaultEffect } from './practiceServer/practiceFaults'

type FaultId = (typeof demoFaults)[number]

const changes: readonly CallKind[] = ['write', 'delete', 'merge']
const refusal = (status: number, code: string, message: string): FaultEffect => ({
  kind: 'refuse',
  status,
  body: { code, message },
})

/** What each fault of the demo is called, what it meets and what it does. */
const faults: Readonly<
  Record<FaultId, { readonly title: string; readonly on: readonly CallKind[]; readonly effect: FaultEffect }>
> = {
  unprocessable: {
    title: 'Refuse every write (HTTP 422)',
    on: changes,
    effect: refusal(422, 'validation_failed', 'priority must be a word: low, normal or high'),
  },
  unavailable: {
    title: 'Be unavailable for writes (HTTP 503)',
    on: changes,
    effect: refusal(503, 'unavailable', 'the server is unavailable for writes'),
  },
  unauthorized: {
    title: 'Take no token for writes (HTTP 401)',
    on: changes,
    effect: refusal(401, 'unauthorized', 'the token has expired'),
  },
  forbidden: {
    title: 'Forbid writes (HTTP 403)',
    on: changes,
    effect: refusal(403, 'forbidden', 'missing required scope: fs:write'),
  },
  'too-large': {
    title: 'Find every write too large (HTTP 413)',
    on: changes,
    effect: refusal(413, 'payload_too_large', 'request body exceeds the limit'),
  },
  'rate-limited': {
    title: 'Take only one write a second (HTTP 429)',
    on: changes,
    effect: { kind: 'rate-limit', perSecond: 1, retryAfterSeconds: 1 },
  },
  'file-refusal': {
    title: 'Refuse files one by one, inside an accepted call',
    on: ['write'],
    effect: { kind: 'refuse-file', code: 'invalid_content', message: 'the file is not valid' },
  },
  dropped: { title: 'Drop the connection at writes', on: changes, effect: { kind: 'drop' } },
  'lost-answers': {
    title: 'Apply writes, but drop the connection before the answer',
    on: changes,
    effect: { kind: 'lose-answer' },
  },
  slow: { title: 'Take three seconds for each write', on: changes, effect: { kind: 'delay', ms: 3_000 } },
  hanging: { title: 'Never answer writes', on: changes, effect: { kind: 'hang' } },
  'slow-receipts': { title: 'Accept writes, but never confirm them', on: ['op'], effect: { kind: 'hold' } },
  'provider-refusal': {
    title: 'Accept writes, then let the provider refuse them',
    on: ['op'],
    effect: { kind: 'reject', message: 'the provider refused it: 422 the field "state" is read-only' },
  },
  'chosen-answer': {
    title: 'Answer writes with the status and body below',
    on: changes,
    effect: { kind: 'refuse', status: 500 },
  },
}
const ids = Object.keys(faults) as FaultId[]

/** Switches a fault of the demo on, for the files and as often as is said, or off. */
export function setDemoFault(book: FaultBook, { fault, on, path, times, status, body }: DemoFault): void {
  if (!on) {
    book.clear(fault)
    return
  }
  const { on: kinds, effect } = faults[fault]
  const chosen: FaultEffect =
    fault === 'chosen-answer'
      ? { kind: 'refuse', status: status ?? 500, ...(body === undefined || body === '' ? {} : { body }) }
      : effect
  const rule = {
    on: kinds,
    effect: chosen,
    ...(path === undefined || path === '' ? {} : { path }),
    ...(times === undefined ? {} : { times }),
  }
  book.set(rule, fault)
}

/** The faults of the demo as its screen shows them. One that has struck as often as it should is off. */
export function shownFaults(book: FaultBook): Demo['faults'] {
  const active = new Map(book.list().map((rule) => [rule.id, rule]))
  return ids.map((id) => {
    const rule = active.get(id)
    const on = rule !== undefined && (rule.times === undefined || rule.hits < rule.times)
    return { id, title: faults[id].title, on, limits: rule ? limitsOf(rule) : '', hits: rule?.hits ?? 0 }
  })
}

function limitsOf({ id, path, times, effect }: ActiveFault): string {
  const parts = [
    id === 'chosen-answer' && effect.kind === 'refuse' ? `HTTP ${effect.status}` : '',
    path === undefined ? '' : `only ${path}`,
    times === undefined ? '' : times === 1 ? 'once' : `${times} times`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}
