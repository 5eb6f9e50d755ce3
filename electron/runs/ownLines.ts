import type { RowKey, StoreLine } from './rows'

/** A line of ours that was taken into memory and not yet seen in the file. */
export interface OwnLine extends RowKey {
  readonly text: string
  /** Earlier lines have lower numbers. */
  readonly number: number
  /** The disk refused it at least once. */
  refused: boolean
}

/** Our lines on their way into the file. */
export interface OwnLines {
  readonly add: (lines: readonly StoreLine[]) => void
  /** Hands out those that wait for being written, oldest first. */
  readonly take: () => readonly OwnLine[]
  /** The disk refused these that were handed out: they wait again, before younger ones. */
  readonly giveBack: (lines: readonly OwnLine[]) => void
  /** The line with this text came back from the file: it, and older lines of its row, are no longer on their way. */
  readonly arrived: (text: string) => OwnLine | undefined
  readonly isEmpty: () => boolean
  readonly waiting: () => number
  /** Those of a run, or all, oldest first. */
  readonly list: (runId?: string) => readonly OwnLine[]
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

  return {
    add: (added) => {
      for (const line of added) {
        const runId = line.kind === 'run' ? line.row.id : line.row.runId
        const text = JSON.stringify(line)
        waiting.push({ kind: line.kind, id: line.row.id, runId, text, number: count++, refused: false })
      }
    },
    take: () => {
      const taken = waiting
      waiting = []
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
    refusedIds: () =>
      out.length + waiting.length === 0 ? none : new Set(refused().flatMap(({ id, runId }) => [id, runId])),
    refused: () => refused().length,
  }
}

/** The row of a line of ours, a new one each time. */
export function toLine({ text }: OwnLine): StoreLine {
  return JSON.parse(text) as StoreLine
}
