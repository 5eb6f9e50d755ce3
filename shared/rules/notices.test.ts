import { expect, test } from 'vitest'
import type { Happening, Notice } from '../notices'
import { defaultSettings, type Settings } from '../settings'
import { foldMs, foldNotice, maxNotices } from './foldNotice'
import { noticeWords } from './noticeWords'
import { calmMs, tellingOf } from './telling'

const nowMs = Date.UTC(2026, 4, 4, 12)
const happening: Happening = {
  ...{ key: 'k', kind: 'run-ended', workspaceId: 'w', workspaceName: 'payments', subject: 'nightly', runId: 'r1' },
  ...{ outcome: 'failed', message: 'HTTP 500', cause: null, count: 1 },
}
const fold = (list: readonly Notice[], change: Partial<Happening>, laterMs: number): readonly Notice[] =>
  foldNotice(list, { ...happening, ...change }, { id: `id${laterMs}`, nowMs: nowMs + laterMs })

test('what comes again while nobody has read it is one notice with a count, and tells of the newest', () => {
  const list = fold(fold(fold([], {}, 0), { key: 'other' }, 1), { runId: 'r2', count: 3 }, 2)
  expect(list.map(({ key, count, runId, firstAt, id }) => [key, count, runId, firstAt, id])).toEqual([
    ['k', 4, 'r2', new Date(nowMs).toISOString(), 'id0'],
    ['other', 1, 'r1', new Date(nowMs + 1).toISOString(), 'id1'],
  ])
})

test('what comes again after it was read, or after half a day, is a new notice', () => {
  const read = fold([], {}, 0).map((notice) => ({ ...notice, read: true }))
  expect([fold(read, {}, 1).length, fold(fold([], {}, 0), {}, foldMs).length]).toEqual([2, 2])
})

test('only the newest are kept', () => {
  let list: readonly Notice[] = []
  for (let index = 0; index <= maxNotices; index++) list = fold(list, { key: String(index) }, index)
  expect([list.length, list[0]?.key, list.at(-1)?.key]).toEqual([maxNotices, String(maxNotices), '1'])
})

const noon = { weekday: 1, minute: 12 * 60 }
const tell = (change: Partial<Settings>, lastMs: number | null = null) =>
  tellingOf('run-ended', { ...defaultSettings, ...change }, { nowMs, clock: noon, lastMs })

test('a rule that is off tells nothing, and leaves the others alone', () => {
  const settings = { ...defaultSettings, notifyFailures: false }
  const kinds = ['run-ended', 'new-failure', 'writebacks', 'unsaved'] as const
  expect(kinds.map((kind) => tellingOf(kind, settings, { nowMs, clock: noon, lastMs: null }).keeps)).toEqual([
    true,
    false,
    true,
    true,
  ])
})

test('in quiet hours it is kept and nothing pops up', () => {
  expect(tell({ quietHours: { on: true, from: '11:00', to: '13:00', days: [1] } })).toEqual({
    ...{ keeps: true, popsUp: false, desktop: false },
  })
})

test('a pause ends at its time', () => {
  const until = (ms: number) => tell({ notifyPausedUntil: new Date(nowMs + ms).toISOString() }).popsUp
  expect([until(1), until(0), until(-1)]).toEqual([false, true, true])
})

test('what popped up a moment ago is only counted', () => {
  expect([tell({}, nowMs - calmMs + 1).popsUp, tell({}, nowMs - calmMs).popsUp]).toEqual([false, true])
})

test('the desktop is silent when a person wants it to be, and the window is not', () => {
  expect(tell({ notifyDesktop: false })).toEqual({ keeps: true, popsUp: true, desktop: false })
})

test('words tell what happened to what, and how often', () => {
  const words = [
    { ...happening },
    { ...happening, count: 1200, outcome: 'needs_human' },
    { ...happening, kind: 'new-failure' as const, count: 2 },
    { ...happening, kind: 'unsaved' as const, message: 'The disk is full.' },
  ].map((notice) => noticeWords(notice))
  expect(words.map(({ title, body }) => `${title} | ${body}`)).toEqual([
    'nightly failed | HTTP 500',
    'nightly: 1,200 runs need you | HTTP 500',
    'nightly failed in a new way, 2 times | HTTP 500',
    'payments: rows are not saved | The disk is full.',
  ])
})

test('a long or broken message stays one line of 200 characters', () => {
  const { body } = noticeWords({ ...happening, message: `a\n\tb ${'x'.repeat(500)}` })
  expect([body.length, body.startsWith('a b x'), body.endsWith('…')]).toEqual([200, true, true])
})
