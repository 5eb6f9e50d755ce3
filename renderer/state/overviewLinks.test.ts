import { expect, test } from 'vitest'
import { linkTo, linkToRun } from './overviewLinks'

const [from, to] = ['2026-11-21T10:00:00.000Z', '2026-11-21T11:00:00.000Z']

test('every number leads to the list that it counts', () => {
  expect([
    linkTo({ kind: 'failedLastDay' }, null),
    linkTo({ kind: 'waiting' }, null),
    linkTo({ kind: 'unsavedRows' }, 'abc'),
    linkTo({ kind: 'stuck' }, 'abc'),
    linkTo({ kind: 'cause', groupKey: 'k' }, null),
    linkTo({ kind: 'stretch', from, to, outcome: 'completed' }, 'abc'),
    linkTo({ kind: 'stretch', from, to, outcome: null }, null),
  ]).toEqual([
    '#/w/all/runs?filter=failed&within=24h',
    '#/w/all/runs?status=paused&status=needs_human',
    '#/w/abc/runs?saved=no',
    '#/w/abc/writebacks?state=stuck',
    '#/w/all/writebacks?cause=k',
    '#/w/abc/runs?status=completed&from=2026-11-21T10%3A00%3A00.000Z&to=2026-11-21T11%3A00%3A00.000Z',
    '#/w/all/runs?from=2026-11-21T10%3A00%3A00.000Z&to=2026-11-21T11%3A00%3A00.000Z',
  ])
})

test('a step leads to its run, where it is chosen', () => {
  expect(linkToRun({ workspaceId: 'abc', id: 'a/b' }, 's')).toBe('#/w/abc/runs/a%2Fb?step=s')
})
