import type { Step } from '../../shared/runs'
import { type StatusWord, statusWord } from './words'

/** What a box of the graph says. */
export type NodeWords = {
  readonly title: string
  readonly status: StatusWord
  readonly note: string
  /** Does it stand for more than one step? */
  readonly many: boolean
}

/** Of many steps the one that matters most names the status. */
const order = ['failed', 'running', 'interrupted', 'pending', 'cancelled', 'skipped', 'completed']

/** The words of a box of one step, with its `note`, or of many. */
export function nodeWords(steps: readonly Step[], note: string): NodeWords {
  const [first] = steps
  if (!first) return { title: '', status: statusWord('pending'), note, many: false }
  if (steps.length === 1) return { title: first.name, status: statusWord(first.status), note, many: false }
  const counts = new Map<string, number>()
  for (const { status } of steps) counts.set(status, (counts.get(status) ?? 0) + 1)
  const ordered = [...counts].sort(([one], [other]) => rank(one) - rank(other))
  return {
    title: `${first.name} and ${steps.length - 1} more`,
    status: statusWord(ordered[0]?.[0] ?? first.status),
    note: ordered.map(([status, count]) => `${count} ${statusWord(status).word.toLowerCase()}`).join(', '),
    many: true,
  }
}

function rank(status: string): number {
  const found = order.indexOf(status)
  return found < 0 ? order.length : found
}
