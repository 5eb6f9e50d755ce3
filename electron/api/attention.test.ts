import { expect, onTestFinished, test } from 'vitest'
import { calmMs } from '../../shared/rules/telling'
import { defaultSettings, type Settings } from '../../shared/settings'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openAttention } from './attention'

const monday = 1

/** Attention on a clock that a test moves: it is Monday, so many minutes after midnight. */
async function makeDesk(settings: Partial<Settings> = {}) {
  const dataDir = await makeTemporaryFolder()
  let minute = 12 * 60
  const told: string[] = []
  const attention = await openAttention({
    dataDir,
    settings: () => ({ ...defaultSettings, ...settings }),
    staleAfterMs: () => 1,
    folderOf: () => '/home/me/payments',
    emit: (event, payload) => {
      if (event === 'notices:told') told.push(JSON.stringify(payload))
    },
    onBug: (error) => {
      throw error
    },
    nowMs: () => Date.UTC(2026, 4, 4) + minute * 60_000,
    clock: () => ({ weekday: monday, minute }),
  })
  onTestFinished(attention.close)
  return {
    attention,
    told,
    at: (next: number) => {
      minute = next
    },
    trouble: (count: number) => attention.tellTrouble({ workspaceId: 'w', count, path: '/a.md', message: 'HTTP 500' }),
  }
}

test('what comes again and again pops up once in five minutes, and is counted all the time', async () => {
  const { attention, told, at, trouble } = await makeDesk()
  const shown: (readonly number[])[] = []
  for (const minute of [0, 1, 4, calmMs / 60_000, 6]) {
    at(minute)
    trouble(2)
    shown.push([told.length, attention.notices.list()[0]?.count ?? 0])
  }
  expect([shown, attention.notices.list().length]).toEqual([
    [
      [1, 2],
      [1, 4],
      [1, 6],
      [2, 8],
      [2, 10],
    ],
    1,
  ])
})

test('quiet hours silence what comes in them, and nothing after', async () => {
  const quietHours = { on: true, from: '22:00', to: '07:00', days: [0, 1] }
  const { attention, told, at, trouble } = await makeDesk({ quietHours })
  const shown: number[] = []
  for (const minute of [3 * 60, 8 * 60, 21 * 60, 23 * 60]) {
    at(minute)
    trouble(1)
    shown.push(told.length)
  }
  expect([shown, attention.notices.list()[0]?.count]).toEqual([[0, 1, 2, 2], 2])
})

test('a rule that is off leaves nothing behind', async () => {
  const { attention, told, trouble } = await makeDesk({ notifyWritebacks: false })
  trouble(1)
  expect([told, attention.notices.list()]).toEqual([[], []])
})
