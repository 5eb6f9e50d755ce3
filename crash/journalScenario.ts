import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createJournal } from '../electron/files/journal'
import { lineText } from '../electron/files/lineReader'
import { compareChanges, type Scenario } from './scenario'

/** Some lines are longer than a page, some longer than what one read takes. */
function linesOf(id: string): readonly [string, string] {
  const n = Number(id.split('-')[1])
  const text = 'x'.repeat(n % 17 === 10 ? 300_000 : n % 5 === 1 ? 9_000 : 40)
  return [`${id} first ${text}`, `${id} last ${text}`]
}

/** Appending to a journal: whole lines stay, a torn one hides nothing, and the next append survives it. */
export function journalScenario(durability: 'written' | 'synced'): Scenario {
  return {
    victims: 1,
    changes: 2,
    prepare: (dir) => writeFile(join(dir, 'journal.jsonl'), 'old line\na torn li'),
    open: async ({ dir }) => {
      const journal = createJournal({
        path: join(dir, 'journal.jsonl'),
        onLine: () => undefined,
        onReset: () => undefined,
      })
      return async (id) => {
        const { error } = await journal.append(linesOf(id), durability)
        if (error) throw error
      }
    },
    check: async (after) => {
      const lines: string[] = []
      const journal = createJournal({
        path: join(after.dir, 'journal.jsonl'),
        onLine: (line) => lines.push(lineText(line)),
        onReset: () => lines.push('read again from its start'),
      })
      after.onEnd(journal.close)
      await journal.refresh()
      const { error } = await journal.append(linesOf(after.heir), durability)
      await journal.refresh()
      const torn = lines.filter((line) => !isWhole(line)).length - 1
      return [
        ...(error ? [`the next append failed: ${error.message}`] : []),
        ...(lines[0] === 'old line' ? [] : ['the line from before is damaged']),
        ...(lines.at(-1) === linesOf(after.heir)[1] ? [] : ['the next append is not the last line']),
        ...(torn > after.kills + 1 ? [`${torn} torn lines after ${after.kills} kills`] : []),
        ...compareChanges(standingChanges(lines), after),
      ]
    },
  }
}

function isWhole(line: string): boolean {
  const [id = '', place] = line.split(' ', 2)
  return linesOf(id)[place === 'last' ? 1 : 0] === line
}

/** A change stands when its last line does; then its first one must stand right before it. */
function standingChanges(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line, index) => {
    const id = line.split(' ', 1)[0] ?? ''
    if (line !== linesOf(id)[1]) return []
    return lines[index - 1] === linesOf(id)[0] ? [id] : [`${id} without its first line`]
  })
}
