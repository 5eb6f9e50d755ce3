// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { LastEnd } from '../../shared/lastEnd'
import { show } from '../screens/show.testkit'
import { LastEndDialog } from './LastEndDialog'

const lastEnd: LastEnd = {
  startedAt: '2026-11-22T10:00:00Z',
  version: '1.2.3',
  face: 'window',
  runs: [],
  unsavedRows: 0,
  cause: { kind: 'unknown' },
}
const run = { workspaceId: 'w', workflowName: 'nightly', goesOn: false }

function told(change: Partial<LastEnd>): readonly string[] {
  show(<LastEndDialog lastEnd={{ ...lastEnd, ...change }} onClose={() => undefined} />)
  return screen.getAllByRole('listitem').map(({ textContent }) => textContent?.split(/[.:]/)[0] ?? '')
}

test('where nothing was lost it says so', () => {
  expect(told({})[0]).toBe('Nothing')
})

test('runs that were cut off lead to their places; those that the published runner executes are not lost', () => {
  const runs = [
    { ...run, runId: 'a'.repeat(24) },
    { ...run, runId: 'b'.repeat(24) },
    { ...run, runId: 'c'.repeat(24), workflowName: 'agents', goesOn: true },
  ]
  expect([told({ runs })[0], screen.getAllByRole('link').map((link) => link.getAttribute('href'))]).toEqual([
    '2 runs were cut off',
    runs.map(({ runId }) => `#/w/w/runs/${runId}`),
  ])
})

test('rows that no disk took are told, and the error that ended it', () => {
  expect([
    told({ unsavedRows: 1, cause: { kind: 'error', error: 'TypeError: x' } })[0],
    screen.getByText('TypeError: x').tagName,
  ]).toEqual(['1 row was not saved, because the disk refused them', 'PRE'])
})
