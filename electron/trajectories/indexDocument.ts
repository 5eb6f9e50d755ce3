import { createBreath } from '../files/breath'
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
/** Larger ones are read entry by entry, so that no index holds the thread. */
const largeLength = 1024 * 1024

/** Reads the text of an index. Never throws; gives up the thread every 12 ms in a large one that is written as usual. */
export async function parseIndex(text: string): Promise<IndexReading> {
  const document = text.length > largeLength ? await parseLarge(text) : undefined
  return document ? { kind: 'index', document } : parseWhole(text)
}

function parseWhole(text: string): IndexReading {
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

/** How an entry stands in the file, so that thousands that did not change are not written out again and again. */
const written = new WeakMap<object, { readonly id: string; readonly text: string }>()

const opening = '\n  "trajectories": {\n'
const entryEnd = '\n    }'
const closing = /^\n {2}\}\n\}\s*$/

/** Reads an index that stands as `JSON.stringify` with two spaces writes it; undefined for any other. */
async function parseLarge(text: string): Promise<IndexDocument | undefined> {
  const start = text.indexOf(opening)
  if (start === -1) return undefined
  const breathe = createBreath()
  const entries = new Map<string, unknown>()
  try {
    const rest: unknown = JSON.parse(`${text.slice(0, start).replace(/,$/, '')}}`)
    if (!isObject(rest) || (rest.version !== undefined && rest.version !== version)) return undefined
    for (let at = start + opening.length; ; ) {
      const end = text.indexOf(entryEnd, at)
      if (end === -1) return undefined
      const line = text.slice(at, end + entryEnd.length)
      const [[id, entry] = ['', undefined], ...more] = Object.entries(JSON.parse(`{${line}}`))
      if (!isObject(entry) || more.length > 0) return undefined
      entries.set(id, entry)
      written.set(entry, { id, text: line })
      at = end + entryEnd.length
      if (text.startsWith(',\n', at)) at += 2
      else return closing.test(text.slice(at)) ? { rest, entries } : undefined
      await breathe()
    }
  } catch {
    return undefined
  }
}

/** The text of an index, as the other tools write it. Gives up the thread every 12 ms. */
export async function toIndexText({ rest, entries }: IndexDocument, lastUpdated: string): Promise<string> {
  const head = JSON.stringify({ version, ...rest, lastUpdated }, null, 2).slice(0, -'\n}'.length)
  const parts: string[] = []
  const breathe = createBreath()
  for (const [id, entry] of entries) {
    parts.push(toLine(id, entry))
    await breathe()
  }
  return `${head},\n  "trajectories": {${parts.length === 0 ? '' : `\n${parts.join(',\n')}\n  `}}\n}`
}

function toLine(id: string, entry: unknown): string {
  const known = isObject(entry) ? written.get(entry) : undefined
  if (known?.id === id) return known.text
  const body = JSON.stringify(entry, null, 2) ?? 'null'
  const text = `    ${JSON.stringify(id)}: ${body.replaceAll('\n', '\n    ')}`
  if (isObject(entry)) written.set(entry, { id, text })
  return text
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
