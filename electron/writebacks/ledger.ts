import { join } from 'node:path'
import { RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import { createJournal } from '../files/journal'
import { lineText } from '../files/lineReader'
import { makePrivateFolder, narrow } from '../files/privateFolder'
import { takeBack } from '../files/takeBack'
import { asRead, type LedgerLine, parseLedgerLine } from './ledgerLines'
import { createLedgerMemory, type LedgerMemory } from './ledgerMemory'

export interface Ledger extends Omit<LedgerMemory, 'take' | 'clear'> {
  /** Takes in what other processes wrote. */
  readonly refresh: () => Promise<void>
  /**
   * Appends and syncs; lines that are asked for while another sync runs share the next one. Throws `unreadable` when the
   * disk refuses: then the act must not happen.
   */
  readonly write: (lines: readonly LedgerLine[]) => Promise<void>
  readonly close: () => Promise<void>
}

/** The ledger of a mount's acts: `<mount>/.relay/rundesk/ledger.jsonl`, written ahead and synced (docs/formats-writebacks.md). */
export function createLedger(mountDir: string): Ledger {
  const folder = join(mountDir, '.relay', 'rundesk')
  const path = join(folder, 'ledger.jsonl')
  const { take, clear, ...memory } = createLedgerMemory()
  let prepared: Promise<void> | undefined
  let closed = false
  /** Own lines that were not taken in yet, by their texts. */
  const awaited = new Map<string, LedgerLine>()

  const takeText = (text: string): void => {
    const own = awaited.get(text)
    awaited.delete(text)
    const line = (own && asRead(own)) ?? parseLedgerLine(text)
    if (line) take(line)
  }
  const journal = createJournal({
    path,
    mode: 0o600,
    onLine: (line) => takeText(lineText(line)),
    onPlaced: (text) => takeText(text),
    onReset: clear,
  })
  const prepare = async (): Promise<void> => {
    await makePrivateFolder(folder)
    await narrow(path)
  }

  return {
    ...memory,
    refresh: () => (closed ? Promise.resolve() : journal.refresh()),
    write: async (lines) => {
      prepared ??= prepare()
      await prepared.catch((error: unknown) => {
        prepared = undefined
        throw error
      })
      const texts = lines.map((line) => {
        const text = JSON.stringify(line)
        awaited.set(text, line)
        return text
      })
      const from = journal.position()?.size ?? 0
      const { error } = await journal.append(texts, 'synced')
      if (error) {
        prepared = undefined
        for (const text of texts) awaited.delete(text)
        await takeBack(path, { lines: texts, from }) // What the person is told was not done must not go on later.
        await journal.refresh().catch(() => undefined)
        throw new RundeskError(
          'unreadable',
          `${path} cannot be written (${causeOf(error)}), so nothing is done that it could not tell of.`,
          { cause: error },
        )
      }
      if (texts.some((text) => awaited.has(text))) await journal.refresh()
    },
    close: () => {
      closed = true
      return journal.close()
    },
  }
}
