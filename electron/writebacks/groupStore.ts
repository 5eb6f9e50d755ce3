import { join } from 'node:path'
import { z } from 'zod'
import { RundeskError } from '../../shared/outcome'
import type { GroupVerdict } from '../../shared/rules/groupState'
import { causeOf } from '../../shared/systemErrors'
import { type GroupNote, groupStates } from '../../shared/writebacks'
import { createJournal } from '../files/journal'
import { lineText } from '../files/lineReader'
import { makePrivateFolder, narrow } from '../files/privateFolder'
import { takeBack } from '../files/takeBack'

const lineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('state'),
    groupKey: z.string(),
    state: z.enum(groupStates),
    until: z.string().nullable(),
    at: z.string(),
    by: z.string(),
  }),
  z.object({
    kind: z.literal('note'),
    groupKey: z.string(),
    id: z.string(),
    at: z.string(),
    by: z.string(),
    text: z.string(),
  }),
])
export type GroupLine = z.infer<typeof lineSchema>

/** What people said about the causes that happen in one mount. */
export interface GroupStore {
  /** Takes in what other processes wrote. Gives true when there was something. */
  readonly refresh: () => Promise<boolean>
  /** Throws `unreadable` when the disk refuses; then nothing is kept. */
  readonly write: (line: GroupLine) => Promise<void>
  readonly verdict: (groupKey: string) => GroupVerdict | null
  readonly notes: (groupKey: string) => readonly GroupNote[]
  readonly close: () => Promise<void>
}

/** Opens `<mount>/.relay/rundesk/groups.jsonl`: beside the data, so that two people on one mount meet there. */
export function createGroupStore(mountDir: string): GroupStore {
  const folder = join(mountDir, '.relay', 'rundesk')
  const path = join(folder, 'groups.jsonl')
  const verdicts = new Map<string, GroupVerdict>()
  const notes = new Map<string, GroupNote[]>()
  let taken = 0

  const take = (text: string): void => {
    const line = parseLine(text)
    if (!line) return
    taken++
    if (line.kind === 'note') {
      const { id, at, by, text: words } = line
      const known = notes.get(line.groupKey) ?? []
      if (!known.some((note) => note.id === id)) notes.set(line.groupKey, [...known, { id, at, by, text: words }])
      return
    }
    const atMs = Date.parse(line.at) || 0
    if ((verdicts.get(line.groupKey)?.atMs ?? Number.NEGATIVE_INFINITY) > atMs) return
    const untilMs = line.until === null ? null : Date.parse(line.until) || 0
    verdicts.set(line.groupKey, { state: line.state, atMs, untilMs })
  }
  const journal = createJournal({
    path,
    mode: 0o600,
    onLine: (line) => take(lineText(line)),
    onPlaced: take,
    onReset: () => {
      taken++
      verdicts.clear()
      notes.clear()
    },
  })
  const refresh = async (): Promise<boolean> => {
    const before = taken
    await journal.refresh()
    return taken !== before
  }

  return {
    refresh,
    write: async (line) => {
      await makePrivateFolder(folder).catch(refuse(folder))
      await narrow(path)
      const text = JSON.stringify(line)
      const from = journal.position()?.size ?? 0
      const { error } = await journal.append([text], 'synced')
      if (error) {
        await takeBack(path, { lines: [text], from })
        await refresh().catch(() => undefined)
        refuse(path)(error)
      }
      await refresh()
    },
    verdict: (groupKey) => verdicts.get(groupKey) ?? null,
    notes: (groupKey) => notes.get(groupKey) ?? [],
    close: journal.close,
  }
}

function refuse(path: string): (error: unknown) => never {
  return (error) => {
    const why = causeOf(error)
    throw new RundeskError('unreadable', `${path} cannot be written (${why}), so nothing was noted.`, { cause: error })
  }
}

function parseLine(text: string): GroupLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
