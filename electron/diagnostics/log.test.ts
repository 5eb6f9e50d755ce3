import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LogLevel } from '../../shared/diagnostics'
import { createRedactor } from '../../shared/rules/redact'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openLog } from './log'
import { privateFacts } from './privateFacts'

const redactor = createRedactor({ homes: ['/home/alice'], names: ['alice'], secrets: ['hunter2hunter2'] })
const clock = (): Date => new Date('2026-11-22T10:00:00Z')

test('a line tells when, how grave, which part and what, without anything secret', async () => {
  const dir = await makeTemporaryFolder()
  const log = openLog({ dir, level: () => 'info', redactor, clock })
  log.info('acts', 'runs:cancel', { runId: 'r1', path: '/home/alice/x', ms: 12 })
  log.error('app', 'Bearer abcdefgh and hunter2hunter2')
  await log.settled()
  const lines = (await readFile(join(dir, 'rundesk.log'), 'utf8')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      ...{ time: '2026-11-22T10:00:00.000Z', level: 'info', part: 'acts', message: 'runs:cancel', pid: process.pid },
      fields: { runId: 'r1', path: '‹home›/x', ms: 12 },
    },
    {
      ...{ time: '2026-11-22T10:00:00.000Z', level: 'error', part: 'app', pid: process.pid },
      message: 'Bearer ‹token› and ‹secret›',
    },
  ])
})

test('the level of the moment decides what is kept', async () => {
  const dir = await makeTemporaryFolder()
  let level: LogLevel = 'error'
  const log = openLog({ dir, level: () => level, redactor })
  log.warn('app', 'not kept')
  level = 'debug'
  log.debug('app', 'kept')
  expect((await log.newest({ level: 'debug', count: 9 })).map(({ message }) => message)).toEqual(['kept'])
})

test('a thrown error is kept with its place and without what it quotes', async () => {
  const dir = await makeTemporaryFolder()
  const log = openLog({ dir, level: () => 'info', redactor })
  try {
    JSON.parse('{"diary": dear diary}')
  } catch (error) {
    log.bug('app', error)
  }
  const [line] = await log.newest({ level: 'error', count: 1 })
  expect([line?.message.includes('dear diary'), line?.message.includes('log.test.ts')]).toEqual([false, true])
})

test('what a dying process left unfinished hides no other line', async () => {
  const dir = await makeTemporaryFolder()
  const log = openLog({ dir, level: () => 'info', redactor })
  log.info('app', 'first')
  await log.settled()
  await appendFile(join(dir, 'rundesk.log'), '{"time":"20\n')
  log.info('app', 'second')
  expect((await log.newest({ level: 'info', count: 9 })).map(({ message }) => message)).toEqual(['first', 'second'])
})

test('the environment tells what is secret, by its names', () => {
  const env = { HOME: '/home/bob/', GITHUB_TOKEN: 'abcdef', KEY_COUNT: '12', DEBUG_TOKEN: 'true', PATH: '/usr/bin' }
  const { homes, secrets } = privateFacts(env)
  expect([homes.includes('/home/bob'), secrets]).toEqual([true, ['abcdef']])
})
