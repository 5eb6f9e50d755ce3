import { expect, test } from 'vitest'
import type { FaultEffect, FaultRule } from './practiceFaults'
import { startPracticeServer } from './practiceServer'
import { ask, base, ended, error, started, write } from './practiceServer.testkit'

/** What a write meets under a fault, and how the file stands then. */
async function underFault(rule: Partial<FaultRule> & { readonly effect: FaultEffect }) {
  const server = await started()
  server.faults.set({ on: ['write'], ...rule })
  const answer = await ask(server, 'POST', 'fs/bulk', write()).catch(() => null)
  const content = server.files.files.get('/docs/a.md')?.content
  return { server, answer, content }
}

test.each<[string, FaultEffect, unknown, string]>([
  ['any status and JSON', { kind: 'refuse', status: 422, body: { why: 'no' } }, [422, { why: 'no' }], 'one\n'],
  ['any status and text', { kind: 'refuse', status: 502, body: '<h1>Bad' }, [502, '<h1>Bad'], 'one\n'],
  [
    'the credentials of the caller',
    { kind: 'echo', status: 400 },
    [400, error('refused', 'refused for Bearer practice-token, that is practice-token')],
    'one\n',
  ],
  ['a dropped connection', { kind: 'drop' }, null, 'one\n'],
  ['a lost answer', { kind: 'lose-answer' }, null, 'two\n'],
  ['a delay', { kind: 'delay', ms: 20 }, [202, expect.objectContaining({ written: 1 })], 'two\n'],
  [
    'a refusal of the one file',
    { kind: 'refuse-file', code: 'forbidden', message: 'no' },
    [202, expect.objectContaining({ written: 0, errors: [{ path: '/docs/a.md', code: 'forbidden', message: 'no' }] })],
    'one\n',
  ],
  [
    'silence about the one file',
    { kind: 'omit-file' },
    [202, expect.objectContaining({ written: 0, errorCount: 0, results: [] })],
    'one\n',
  ],
])('a write can meet %s', async (_what, effect, wanted, content) => {
  const met = await underFault({ effect })
  expect([met.answer && [met.answer.status, met.answer.body], met.content]).toEqual([wanted, content])
})

test('a call that hangs is answered by nobody until the server closes', async () => {
  const server = await startPracticeServer({ ...base, seedFiles: { '/docs/a.md': 'one\n' } })
  server.faults.set({ on: ['write'], effect: { kind: 'hang' } })
  const answer = ask(server, 'POST', 'fs/bulk', write()).then(
    () => 'answered',
    () => 'cut off',
  )
  await expect.poll(() => server.faults.list()[0]?.hits).toBe(1)
  await server.close()
  expect(await answer).toBe('cut off')
})

test('beyond its rate the server answers 429 and when to come again', async () => {
  const { answer } = await underFault({ effect: { kind: 'rate-limit', perSecond: 0, retryAfterSeconds: 7 } })
  expect([answer?.status, answer?.response.headers.get('retry-after')]).toEqual([429, '7'])
})

test('a held operation stays pending', async () => {
  const server = await started()
  server.faults.set({ on: ['op'], effect: { kind: 'hold' } })
  await ask(server, 'POST', 'fs/bulk', write())
  await expect(ended(server, 'op_1')).rejects.toThrow('has not ended')
})

test('a fault strikes as often as it should, and only the files it is for', async () => {
  const server = await started()
  server.faults.set({ on: ['write'], path: '/docs/*.md', times: 1, effect: { kind: 'refuse', status: 503 } })
  const statuses: number[] = []
  for (const path of ['/docs/a.txt', '/docs/b.md', '/docs/c.md'])
    statuses.push((await ask(server, 'POST', 'fs/bulk', write({ path }))).status)
  expect(statuses).toEqual([202, 503, 202])
})
