import type { RowKey, StoreLine } from './rows'

/** A line of ours that was taken into memory and not yet seen in the file. */
export interface OwnLine extends RowKey {
  readonly text: string
  /** `waiting` to be written, handed `out` for writing, `written` though it is not known where. */
  state: 'waiting' | 'out' | 'written'
  /** The disk refused it at least once. */
  refused: boolean
}

/** Our lines on their way into the file, oldest first. */
export interface OwnLines {
  readonly add: (lines: readonly StoreLine[]) => void
  /** Hands out those that wait for being written. */
  readonly take: () => readonly OwnLine[]
  /** The line with this text came back from the file: it, and older lines of its row, are no longer on their way. */
  readonly arrived: (text: string) => OwnLine | undefined
  readonly all: () => readonly OwnLine[]
  readonly ofRun: (runId: string) => readonly OwnLine[]
  /** Ids of the rows that the disk refused, and of their runs. */
  readonly refusedIds: () => ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

export function createOwnLines(): OwnLines {
  let lines: OwnLine[] = []
  return {
    add: (added) => {
      for (const line of added) {
        const runId = line.kind === 'run' ? line.row.id : line.row.runId
        lines.push({
          kind: line.kind,
          id: line.row.id,
          runId,
          text: JSON.stringify(line),
          state: 'waiting',
          refused: false,
        })
      }
    },
    take: () => {
      const waiting = lines.filter(({ state }) => state === 'waiting')
      for (const line of waiting) line.state = 'out'
      return waiting
    },
    arrived: (text) => {
      const index = lines.findIndex((own) => own.text === text)
      const found = lines[index]
      if (!found) return undefined
      if (index === 0) lines.shift()
      else lines = lines.filter((own, at) => at > index || own.id !== found.id || own.kind !== found.kind)
      return found
    },
    all: () => lines,
    ofRun: (runId) => (lines.length === 0 ? lines : lines.filter((line) => line.runId === runId)),
    refusedIds: () => {
      const refused = lines.filter((line) => line.refused)
      return refused.length === 0 ? none : new Set(refused.flatMap(({ id, runId }) => [id, runId]))
    },
  }
}

/** The row of a line of ours, a new one each time. */
export function toLine({ text }: OwnLine): StoreLine {
  return JSON.parse(text) as StoreLine
}
