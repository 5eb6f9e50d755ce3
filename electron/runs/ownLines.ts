import { type RowKey, runIdOf, type StoreLine } from './rows'

/** A line of ours that was taken into memory and not yet seen in the file. */
export interface OwnLine extends RowKey {
  readonly text: string
  /** Earlier lines have lower numbers. */
  readonly number: number
  /** The disk refused it at least once. */
  refused: boolean
  /** It lies in the home fallback meanwhile, from where it is handed over. */
  kept: boolean
}

/** Our lines on their way into the file. */
export interface OwnLines {
  readonly add: (lines: readonly StoreLine[]) => void
  /** Takes in lines that lie in the home fallback. */
  readonly addKept: (texts: readonly string[]) => void
  /** Lines that the disk refused and nobody keeps so far. */
  readonly unkept: () => readonly OwnLine[]
  /** Those of the kept lines that are not among these any more were handed over: they are in the file. */
  readonly handedOver: (stillKept: ReadonlySet<string>) => void
  /** Hands out those that wait for being written and are not kept elsewhere, oldest first. */
  readonly take: () => readonly OwnLine[]
  /** The disk refused these that were handed out: they wait again, before younger ones. */
  readonly giveBack: (lines: readonly OwnLine[]) => void
  /** The line with this text came back from the file: it, and older lines of its row, are no longer on their way. */
  readonly arrived: (text: string) => OwnLine | undefined
  readonly isEmpty: () => boolean
  readonly waiting: () => number
  /** Those of a run, or all, oldest first. */
  readonly list: (runId?: string) => readonly OwnLine[]
  /** Those of a row, oldest first. */
  readonly listOf: (row: RowKey) => readonly OwnLine[]
  /** Ids of the rows that the disk refused, and of their runs. */
  readonly refusedIds: () => ReadonlySet<string>
  readonly refused: () => number
}

const none: ReadonlySet<string> = new Set()

export function createOwnLines(): OwnLines {
  let waiting: OwnLine[] = []
  /** Handed out; in the file as far as we know, but not seen there yet. */
  let out: OwnLine[] = []
  let count = 0

  const list = (runId?: string): readonly OwnLine[] => {
    const all = out.length === 0 ? waiting : [...out, ...waiting]
    return runId === undefined ? all : all.filter((line) => line.runId === runId)
  }
  const refused = (): readonly OwnLine[] => list().filter((line) => line.refused)

  const add = (line: StoreLine, text: string, kept: boolean): void => {
    waiting.push({ kind: line.kind, id: line.row.id, runId: runIdOf(line), text, number: count++, refused: kept, kept })
  }

  return {
    add: (added) => {
      for (const line of added) add(line, JSON.stringify(line), false)
    },
    addKept: (texts) => {
      for (const text of texts) add(JSON.parse(text) as StoreLine, text, true)
    },
    unkept: () => waiting.filter((line) => line.refused && !line.kept),
    handedOver: (stillKept) => {
      const gone = waiting.filter((line) => line.kept && !stillKept.has(line.text))
      waiting = waiting.filter((line) => !gone.includes(line))
      out = [...out, ...gone].sort((left, right) => left.number - right.number)
    },
    take: () => {
      const taken = waiting.some((line) => line.kept) ? waiting.filter((line) => !line.kept) : waiting
      waiting = taken === waiting ? [] : waiting.filter((line) => line.kept)
      out = out.length === 0 ? taken.slice() : [...out, ...taken]
      return taken
    },
    giveBack: (lines) => {
      // One that is no longer out was overtaken: a younger line of its row is in the file.
      const left = lines.filter((line) => out.includes(line))
      for (const line of left) line.refused = true
      out = out.filter((line) => !left.includes(line))
      waiting = [...left, ...waiting].sort((left, right) => left.number - right.number)
    },
    arrived: (text) => {
      const [first] = out
      if (first?.text === text) return out.shift()
      const found = out.find((line) => line.text === text)
      if (!found) return undefined
      out = out.filter(({ id, kind, number }) => number > found.number || id !== found.id || kind !== found.kind)
      return found
    },
    isEmpty: () => out.length === 0 && waiting.length === 0,
    waiting: () => waiting.length,
    list,
    listOf: ({ kind, id }) => list().filter((line) => line.id === id && line.kind === kind),
    refusedIds: () =>
      out.length + waiting.length === 0 ? none : new Set(refused().flatMap(({ id, runId }) => [id, runId])),
    refused: () => refused().length,
  }
}

/** The row of a line of ours, a new one each time. */
export function toLine({ text }: OwnLine): StoreLine {
  return JSON.parse(text) as StoreLine
}
