import { readFile, stat, writeFile } from 'node:fs/promises'

/** What a step changed of the run's state, over top-level keys. */
export interface StatePatch {
  readonly set: Readonly<Record<string, unknown>>
  readonly unset: readonly string[]
}

type State = Readonly<Record<string, unknown>>

const maxStateBytes = 16 * 1024 * 1024

/** Writes the copy of the committed state that one attempt sees; the file is named in `RUNDESK_STATE`. */
export async function writeStateFile(path: string, state: State): Promise<void> {
  await writeFile(path, JSON.stringify(state), { mode: 0o600 })
}

/** What the attempt left in its copy: undefined when it changed nothing. Throws an Error with words for the step's error. */
export async function readStatePatch(path: string, before: State): Promise<StatePatch | undefined> {
  const text = await readText(path)
  let after: unknown
  try {
    after = JSON.parse(text)
  } catch {
    throw new Error('The state in $RUNDESK_STATE is not JSON. Nothing of it was taken.')
  }
  if (typeof after !== 'object' || after === null || Array.isArray(after)) {
    throw new Error('The state in $RUNDESK_STATE is not a JSON object. Nothing of it was taken.')
  }
  const entries = Object.entries(after)
  const set = entries.filter(
    ([key, value]) => !Object.hasOwn(before, key) || JSON.stringify(before[key]) !== JSON.stringify(value),
  )
  const unset = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  if (set.length === 0 && unset.length === 0) return undefined
  return { set: Object.fromEntries(set), unset }
}

async function readText(path: string): Promise<string> {
  const file = await stat(path).catch(() => undefined)
  if (!file?.isFile()) throw new Error('The file in $RUNDESK_STATE is gone. Nothing of the state was taken.')
  if (file.size > maxStateBytes)
    throw new Error(`The state in $RUNDESK_STATE has ${file.size} bytes, more than 16 MiB. Nothing of it was taken.`)
  return readFile(path, 'utf8')
}
