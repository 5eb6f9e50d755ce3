import type { OutcomeStretch } from '../../shared/overview'
import { type RunOutcome, runOutcomes } from '../../shared/rules/runOutcome'
import { counted, type StatusWord, statusWord } from './words'

/** The look of what became of runs. */
export const outcomeWords: Readonly<Record<RunOutcome, StatusWord>> = {
  completed: statusWord('completed'),
  failed: statusWord('failed'),
  orphaned: statusWord('orphaned'),
  waiting: { ...statusWord('needs_human'), word: 'Waiting' },
  running: statusWord('running'),
  cancelled: statusWord('cancelled'),
  other: { word: 'Other', shape: 'question', tone: 'cancelled' },
}

/** "3 runs: 2 completed, 1 failed" */
export function outcomeSentence({ total, counts }: OutcomeStretch): string {
  if (total === 0) return 'no runs'
  const parts = runOutcomes.flatMap((outcome) => {
    const count = counts[outcome] ?? 0
    return count === 0 ? [] : [`${count.toLocaleString('en')} ${outcomeWords[outcome].word.toLowerCase()}`]
  })
  return `${counted(total, 'run')}: ${parts.join(', ')}`
}

/** "Sat 14:00 to 15:00", or "Sat 21 Nov": local time. */
export function stretchWords({ from, to }: OutcomeStretch, unit: 'hour' | 'day'): string {
  const start = new Date(from)
  const day = start.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })
  return unit === 'day' ? day : `${day}, ${time(start)} to ${time(new Date(to))}`
}

/** What stands under a bar. */
export function tickWords({ from }: OutcomeStretch, unit: 'hour' | 'day'): string {
  const start = new Date(from)
  return unit === 'day' ? start.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' }) : time(start)
}

function time(date: Date): string {
  return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}
