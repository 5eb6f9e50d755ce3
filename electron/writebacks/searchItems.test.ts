import { expect, test } from 'vitest'
import { makeDeadLetter, makeMount, makeOutboxRecord } from './mountDesk.testkit'
import { body, everything, letters, openDesk } from './openDesk.testkit'

test.each([
  ['a path', '/linear/7', 1],
  ['a word of the message', 'dunno', 3],
  ['any case', 'DUNNO', 3],
  ['several words, wherever they stand', 'dunno linear', 3],
  ['words in quotes', '"dunno exist"', 0],
  ['words in quotes that stand together', '"does not exist"', 3],
  ['what only the answer holds', 'corr-17', 1],
  ['an operation', 'op_3', 1],
  ['nothing like it', 'zebra', 0],
])('a search finds by %s, and counts exactly', async (_what, search, total) => {
  const answer = (index: number): string =>
    index % 3 === 0 ? `{"message":"state Dunno does not exist","trace":"corr-1${index + 1}"}` : body('other')
  const desk = await openDesk([await makeMount(letters(8, (index) => ({ lastBody: answer(index) })))])
  expect((await desk.query({ ...everything, search, limit: 2 })).total).toBe(total)
})

test('totals of every state do not depend on the state that is asked for', async () => {
  const mount = await makeMount({
    ...letters(3),
    '.relay/outbox/pending/m.json': makeOutboxRecord({ remotePath: '/linear/0.md' }),
  })
  const desk = await openDesk([mount])
  const page = await desk.query({ ...everything, state: 'stuck' })
  expect([page.total, page.totals, page.coverage]).toEqual([
    1,
    { stuck: 1, unknown: 2 },
    { searched: 'paths, messages and bodies', items: 3, withoutBody: 0 },
  ])
})

test.each([
  ['path', ['/linear/0.md', '/linear/1.md', '/linear/2.md']],
  ['newest', ['/linear/1.md', '/linear/2.md', '/linear/0.md']],
  ['oldest', ['/linear/0.md', '/linear/2.md', '/linear/1.md']],
] as const)('items are sorted by %s', async (sort, paths) => {
  const ts = ['2026-11-20T10:00:00Z', '2026-11-20T12:00:00Z', '2026-11-20T11:00:00Z']
  const desk = await openDesk([await makeMount(letters(3, (index) => ({ ts: ts[index] })))])
  expect((await desk.query({ ...everything, sort })).items.map(({ path }) => path)).toEqual(paths)
})

test('the detail of an item tells every try in order, and what to type', async () => {
  const mount = await makeMount({
    'linear/0.md': 'x',
    '.relay/dead-letter/op_1.json': makeDeadLetter({ path: '/linear/0.md', ts: '2026-11-20T10:00:00Z' }),
    '.relay/dead-letter/op_2.json': makeDeadLetter({ opId: 'op_2', path: '/linear/0.md', ts: '2026-11-20T09:00:00Z' }),
    '.relay/outbox/pending/m.json': makeOutboxRecord({
      remotePath: '/linear/0.md',
      lastAttemptAt: '2026-11-20T11:00:00Z',
    }),
  })
  const desk = await openDesk([mount])
  const { key } = (await desk.query(everything)).items[0] ?? { key: '' }
  const { attempts, commands } = await desk.get(key)
  expect([
    attempts.map(({ source, opId }) => [source, opId]),
    commands.find(({ act }) => act === 'retry')?.text,
  ]).toEqual([
    [
      ['dead-letter', 'op_2'],
      ['dead-letter', 'op_1'],
      ['outbox', null],
    ],
    `rundesk retry ${key} -w ${mount}`,
  ])
})
