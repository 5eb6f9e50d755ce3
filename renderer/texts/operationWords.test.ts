import { expect, test } from 'vitest'
import { type ItemOutcome, itemOutcomes } from '../../shared/operations'
import { operationWord } from './operationWords'

const counts = (change: Partial<Record<ItemOutcome, number>>): Record<ItemOutcome, number> => ({
  ...(Object.fromEntries(itemOutcomes.map((outcome) => [outcome, 0])) as Record<ItemOutcome, number>),
  ...change,
})

test.each([
  [counts({ delivered: 2 }), 'Done', 'completed'],
  [counts({ dismissed: 2 }), 'Done', 'completed'],
  [counts({ delivered: 1, skipped: 1 }), 'Ended', 'cancelled'],
  [counts({ delivered: 1, failed: 1 }), 'Ended', 'failed'],
  [counts({ sent: 2 }), 'Ended', 'cancelled'],
])('an operation that has ended is done only when all came to what was wanted: %o', (outcomes, word, tone) => {
  const { word: said, tone: looked } = operationWord({ state: 'ended', counts: outcomes, total: 2 })
  expect([said, looked]).toEqual([word, tone])
})
