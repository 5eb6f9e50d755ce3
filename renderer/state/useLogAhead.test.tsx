// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import type { RunDetail, Step } from '../../shared/runs'
import { type Shown, show } from '../screens/show.testkit'
import { useLogAhead } from './useLogAhead'

function Looking({ step }: { readonly step: Step }) {
  useLogAhead({ workspaceId: 'w', id: 'r' } as RunDetail, step)
  return null
}

/** A step whose last attempt ended so, with a log of so many bytes, whose first error stands in line 900. */
function look(status: 'failed' | 'completed', sizeBytes: number): Shown {
  const step = {
    name: 'talk',
    attempts: [
      { number: 1, status: 'failed' },
      { number: 2, status },
    ],
  } as unknown as Step
  return show(<Looking step={step} />, {
    'runs:logLines': () => ({ sizeBytes }),
    'runs:logSearch': () => ({ firstErrorRow: 900 }),
  })
}

test('the log of a failed step is looked through to its first error before it is opened', async () => {
  const { asked } = look('failed', 1_000)
  await expect.poll(() => asked.length).toBe(3)
  const seen = asked.map(({ channel, input }) => [channel, input])
  expect(seen).toMatchObject([
    ['runs:logLines', { stepName: 'talk', attempt: 2, count: 0 }],
    ['runs:logSearch', { attempt: 2, query: '', limit: 0 }],
    ['runs:logLines', { attempt: 2, fromLine: 900, count: 1 }],
  ])
})

test('a log that is very long is not looked through before it is opened, nor one of a step that did not fail', async () => {
  const long = look('failed', 300 * 1024 * 1024)
  const completed = look('completed', 1_000)
  await expect.poll(() => long.asked.length).toBe(1)
  const other = look('failed', 1_000)
  await expect.poll(() => other.asked.length).toBe(3)
  expect([long.asked.length, completed.asked.length]).toEqual([1, 0])
})
