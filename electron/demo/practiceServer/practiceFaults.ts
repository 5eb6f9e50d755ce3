/** What a call is about; a fault says which of them it meets. */
export type CallKind = 'list' | 'read' | 'events' | 'write' | 'delete' | 'merge' | 'op' | 'replay' | 'other'

/** What goes wrong with a call, with one file of it, or with an operation that was accepted. */
export type FaultEffect =
  /** Answers with this status. A string is sent as it is, anything else as JSON; without a body one is made up. */
  | {
      readonly kind: 'refuse'
      readonly status: number
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Answers with this status and with the caller's own credentials in the body. */
  | { readonly kind: 'echo'; readonly status: number }
  /** Ends the connection; nothing was applied. */
  | { readonly kind: 'drop' }
  /** Applies the call and then ends the connection: the caller cannot know. */
  | { readonly kind: 'lose-answer' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Lets so many calls of a second through and answers 429 with `Retry-After` to the others. */
  | { readonly kind: 'rate-limit'; readonly perSecond: number; readonly retryAfterSeconds: number }
  /** Refuses files of a bulk write one by one, inside a 202. */
  | { readonly kind: 'refuse-file'; readonly code: string; readonly message: string }
  /** Names the file neither among the results nor among the errors of a bulk write, and does not apply it. */
  | { readonly kind: 'omit-file' }
  /** Operations end as dead-lettered after they were accepted. */
  | { readonly kind: 'reject'; readonly message: string }
  /** Operations stay pending. */
  | { readonly kind: 'hold' }

export interface FaultRule {
  readonly on: readonly CallKind[]
  /** File paths that it meets, `*` for any characters; all calls without it. */
  readonly path?: string
  /** How often; for ever without it. */
  readonly times?: number
  readonly effect: FaultEffect
}

/** A rule that is in force. */
export interface ActiveFault extends FaultRule {
  readonly id: string
  /** How often it has struck. */
  readonly hits: number
}

const perFile: readonly FaultEffect['kind'][] = ['refuse-file', 'omit-file']
const perOp: readonly FaultEffect['kind'][] = ['reject', 'hold']

/** The faults in force, oldest first. Whoever asks what meets a call is told, and the rules count it. */
export function createFaultBook() {
  const rules = new Map<string, FaultRule & { hits: number }>()
  const windows = new Map<string, { second: number; calls: number }>()
  let numbers = 0

  const isLive = ({ times, hits }: { readonly times?: number; readonly hits: number }): boolean =>
    times === undefined || hits < times
  const passes = (id: string, perSecond: number): boolean => {
    const second = Math.floor(Date.now() / 1000)
    const known = windows.get(id)
    const window = known?.second === second ? known : { second, calls: 0 }
    windows.set(id, window)
    return ++window.calls <= perSecond
  }
  const strike = (kinds: (kind: FaultEffect['kind']) => boolean, on: CallKind, paths: readonly string[]) =>
    [...rules].flatMap(([id, rule]): FaultEffect[] => {
      const { effect } = rule
      if (!kinds(effect.kind) || !rule.on.includes(on) || !isLive(rule)) return []
      if (rule.path !== undefined && !paths.some((path) => matchesPattern(rule.path ?? '*', path))) return []
      if (effect.kind === 'rate-limit' && passes(id, effect.perSecond)) return []
      rule.hits++
      return [effect]
    })

  return {
    /** Puts a rule in force, in place of the one of the same id; gives the id. */
    set: (rule: FaultRule, id = `fault_${++numbers}`): string => {
      rules.set(id, { ...rule, hits: 0 })
      return id
    },
    clear: (id: string): void => {
      rules.delete(id)
      windows.delete(id)
    },
    list: (): readonly ActiveFault[] => [...rules].map(([id, rule]) => ({ ...rule, id })),
    /** What befalls a whole call: delays, then at most one thing that decides its answer. */
    onCall: (on: CallKind, paths: readonly string[]): readonly FaultEffect[] =>
      strike((kind) => !perFile.includes(kind) && !perOp.includes(kind), on, paths),
    onFile: (path: string): FaultEffect | undefined => strike((kind) => perFile.includes(kind), 'write', [path])[0],
    onOp: (path: string): FaultEffect | undefined => strike((kind) => perOp.includes(kind), 'op', [path])[0],
  }
}

export type FaultBook = ReturnType<typeof createFaultBook>

function matchesPattern(pattern: string, path: string): boolean {
  const parts = pattern.split('*')
  const [first = '', ...rest] = parts
  if (rest.length === 0) return path === first
  if (!path.startsWith(first)) return false
  const last = rest.pop() ?? ''
  let at = first.length
  for (const part of rest) {
    const found = path.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return path.length - last.length >= at && path.endsWith(last)
}
