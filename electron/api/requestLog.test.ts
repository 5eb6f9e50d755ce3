import { expect, test } from 'vitest'
import type { LogFields } from '../../shared/diagnostics'
import type { Outcome } from '../../shared/outcome'
import { createTimings } from '../diagnostics/timings'
import { eventually } from '../files/temporaryFolder.testkit'
import { createProblemLog } from './problemLog'
import { createRequestLog } from './requestLog'

type Told = readonly [level: string, part: string, message: string, fields?: LogFields]

function makeLog() {
  const told: Told[] = []
  const at =
    (level: string) =>
    (...rest: readonly [string, string, LogFields?]) =>
      void told.push([level, ...rest])
  return { told, log: { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') } }
}

const done = (value: unknown): Outcome<unknown> => ({ ok: true, value })

test('what takes longer than it may is noted, what waits for a person or a server is not, and all is timed', async () => {
  const { told, log } = makeLog()
  const timings = createTimings()
  const note = createRequestLog(log, timings, { slowMs: -1 })
  await note('runs:query', { workspaceId: 'w', search: 'private words' }, async () => done({}))
  await note('workspaces:choose', {}, async () => done({}))
  const without = told.map(([level, part, message, { ms: _ms, ...ids } = {}]) => [level, part, message, ids])
  expect(without).toEqual([['warn', 'requests', 'runs:query took long', { workspaceId: 'w' }]])
  expect(timings.list().map(({ name, count }) => [name, count])).toEqual(
    expect.arrayContaining([
      ['runs:query', 1],
      ['workspaces:choose', 1],
    ]),
  )
})

test('an act on many items is noted with how many, and with the operation that it made', async () => {
  const { told, log } = makeLog()
  const note = createRequestLog(log, createTimings())
  const items = [
    { key: 'aa', version: '1' },
    { key: 'bb', version: '1' },
  ]
  await note('writebacks:retry', { items, reason: 'private words' }, async () => done({ operation: { id: 'op1' } }))
  const [level, part, message, { ms: _ms, ...ids } = {}] = told[0] ?? ['', '', '']
  expect([level, part, message, ids]).toEqual(['info', 'acts', 'writebacks:retry', { items: 2, operationId: 'op1' }])
})

test('a channel that there is not is noted without its name', async () => {
  const { told, log } = makeLog()
  await createRequestLog(log, createTimings())('private:words', {}, async () => done({}))
  expect(told).toEqual([['warn', 'requests', 'unknown channel']])
})

test('a problem is noted when it is first seen, and again when it came back', async () => {
  const { told, log } = makeLog()
  const problem = (code: string) => ({ code, path: `/x/${code}`, line: 1, message: 'private words', workspaceId: 'w' })
  let problems = [problem('a')]
  let looks = 0
  const found = createProblemLog(
    () => {
      looks++
      return problems
    },
    log,
    { pauseMs: 0 },
  )
  const look = async (): Promise<void> => {
    const before = looks
    found.look()
    await eventually('a look', () => looks > before)
  }
  await look()
  await look()
  problems = [problem('b')]
  await look()
  problems = [problem('a'), problem('b')]
  await look()
  found.close()
  expect(told).toEqual(
    ['a', 'b', 'a'].map((code) => ['warn', 'problems', code, { path: `/x/${code}`, line: 1, workspaceId: 'w' }]),
  )
})
