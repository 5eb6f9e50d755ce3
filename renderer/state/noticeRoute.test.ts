import { expect, test } from 'vitest'
import type { Notice } from '../../shared/notices'
import { noticeRoute } from './noticeRoute'
import { parseRoute, toHash } from './route'

const notice: Notice = {
  ...{ id: 'n', key: 'k', kind: 'run-ended', workspaceId: 'w', workspaceName: 'payments', subject: 'nightly' },
  ...{ runId: 'r1', outcome: 'failed', message: null, cause: 'abc', count: 1, firstAt: '', at: '', read: false },
}
const leadsTo = (change: Partial<Notice>) => parseRoute(toHash(noticeRoute({ ...notice, ...change })))

test('one run that ended leads to it, and several lead to exactly the list of them', () => {
  expect([leadsTo({}), leadsTo({ count: 3 })]).toEqual([
    { screen: 'runs', workspaceId: 'w', filter: 'all', search: '', runId: 'r1' },
    {
      ...{ screen: 'runs', workspaceId: 'w', filter: 'all', search: '', runId: null },
      where: { workflows: ['nightly'], statuses: ['failed'] },
    },
  ])
})

test('a new failure leads to its group, with the run open', () => {
  expect(leadsTo({ kind: 'new-failure' })).toMatchObject({ runId: 'r1', where: { cause: 'abc' } })
})
