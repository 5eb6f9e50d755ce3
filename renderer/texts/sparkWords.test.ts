import { expect, test } from 'vitest'
import { sparkWords } from './sparkWords'

const run = (status: string, durationMs: number | null) => ({
  runId: 'r',
  workspaceId: 'w',
  status,
  liveness: null,
  durationMs,
})

test('a spark in words tells outcomes, the commonest first, and durations', () => {
  const runs = [run('failed', 9_000), run('completed', 1_000), run('completed', 2_000), run('completed', 80_000)]
  expect(sparkWords(runs)).toBe('Newest 4 runs: 3 completed, 1 failed; took 1.0s to 1m 20s, typically 9.0s')
})

test('where no duration is known, or only one, no span is told', () => {
  expect([sparkWords([run('pending', null)]), sparkWords([run('completed', 5)]), sparkWords([])]).toEqual([
    'Newest run: 1 pending',
    'Newest run: 1 completed; took 5 ms',
    'No runs',
  ])
})
