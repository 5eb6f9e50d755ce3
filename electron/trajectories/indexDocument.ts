import { setImmediate as nextTurn } from 'node:timers/promises'
import { isObject, type JsonObject } from './fieldReader'

/** The shared index of a folder (docs/formats-trajectories.md, "Index"). Entries keep their order and are kept as they are. */
export interface IndexDocument {
  /** Every other key of the file. */
  readonly rest: JsonObject
  readonly entries: Map<string, unknown>
}

/** What an index file holds. `none`: there is no file; `newer`: written by a later version, so it is left alone. */
export type IndexReading =
  | { readonly kind: 'none' | 'empty' }
  | { readonly kind: 'index'; readonly document: IndexDocument }
  | { readonly kind: 'malformed'; readonly message: string; readonly text: string }
  | { readonly kind: 'newer' | 'unreadable'; readonly message: string }

const version = 1
const turnMs = 12

/** Reads the text of an index. Never throws. */
export function parseIndex(text: string): IndexReading {
  if (text.trim() === '') return { kind: 'empty' }
  const malformed = (message: string): IndexReading => ({ kind: 'malformed', message, text })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (/^(<{7}|={7}|>{7})( |$)/m.test(text)) return malformed('holds unresolved merge conflicts')
    return malformed(`is no JSON (${error instanceof Error ? error.message.slice(0, 120) : 'cannot be parsed'})`)
  }
  if (!isObject(value)) return malformed('holds no JSON object')
  if (typeof value.version === 'number' && value.version > version)
    return { kind: 'newer', message: `has version ${value.version}; Rundesk knows version ${version}` }
  const { trajectories, ...rest } = value
  if (!isObject(trajectories)) return malformed('has no "trajectories"')
  return { kind: 'index', document: { rest, entries: new Map(Object.entries(trajectories)) } }
}

/** The text of an index, as the other tools write it. Gives up the thread every 12 ms. */
export async function toIndexText({ rest, entries }: IndexDocument, lastUpdated: string): Promise<string> {
  const head = JSON.stringify({ version, ...rest, lastUpdated }, null, 2).slice(0, -'\n}'.length)
  const parts: string[] = []
  let turnStart = performance.now()
  for (const [id, entry] of entries) {
    const text = JSON.stringify(entry, null, 2) ?? 'null'
    parts.push(`    ${JSON.stringify(id)}: ${text.replaceAll('\n', '\n    ')}`)
    if (parts.length % 256 !== 0 || performance.now() - turnStart <= turnMs) continue
    await nextTurn()
    turnStart = performance.now()
  }
  return `${head},\n  "trajectories": {${parts.length === 0 ? '' : `\n${parts.join(',\n')}\n  `}}\n}`
}

/** What can be saved of a malformed index: which record was compacted into which, by id. The rest the files tell. */
export function salvageCompactions(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let id: string | undefined
  for (const line of text.split('\n')) {
    id = /^\s*"(traj_[a-z0-9_]+)"\s*:\s*\{/.exec(line)?.[1] ?? id
    const into = /^\s*"compactedInto"\s*:\s*"([^"\\]+)"/.exec(line)?.[1]
    if (id !== undefined && into !== undefined) found.set(id, into)
  }
  return found
}
