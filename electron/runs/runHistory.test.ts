import { expect, test } from 'vitest'
import type { HistoryEntry } from '../../shared/runs'
import { type RunMoment, toHistory } from './runHistory'

const at = (second: number): string => `2026-11-01T00:00:0${second}.000Z`

function makeMoment(second: number, status: string, acts: readonly HistoryEntry[] = []): RunMoment {
  return { status, at: at(second), startedAt: at(0), error: status === 'failed' ? 'no' : null, acts }
}

function makeAct(second: number, act: HistoryEntry['act']): HistoryEntry {
  return { act, at: at(second), by: 'me', reason: null, previousError: null }
}

const words = (moments: readonly RunMoment[]): readonly string[] =>
  toHistory(moments).map(({ act, by, status, at: when }) => `${when?.slice(18, 19)} ${status ?? act} by ${by}`)

test('what another program did is told by what its lines changed', () => {
  expect(
    words([
      makeMoment(0, 'pending'),
      makeMoment(1, 'running'),
      makeMoment(2, 'failed'),
      makeMoment(3, 'running'),
      makeMoment(4, 'cancelled'),
    ]),
  ).toEqual(['0 start by null', '2 failed by null', '3 resume by null', '4 cancel by null'])
})

test('an act of Rundesk is told once, by whom', () => {
  const [start, resume, cancel] = [makeAct(0, 'start'), makeAct(3, 'resume'), makeAct(4, 'cancel')]
  expect(
    words([
      makeMoment(1, 'running', [start]),
      makeMoment(2, 'failed', [start]),
      makeMoment(3, 'running', [start, resume]),
      makeMoment(4, 'cancelled', [start, resume, cancel]),
    ]),
  ).toEqual(['0 start by me', '2 failed by null', '3 resume by me', '4 cancel by me'])
})

test('a compacted run keeps the acts of Rundesk and how it ended', () => {
  expect(words([makeMoment(5, 'completed', [makeAct(0, 'start'), makeAct(3, 'resume')])])).toEqual([
    '0 start by me',
    '3 resume by me',
    '5 completed by null',
  ])
})

test('a run that is marked as failed did not end by itself', () => {
  const mark = makeAct(2, 'mark-failed')
  expect(words([makeMoment(1, 'running'), makeMoment(2, 'failed', [mark])])).toEqual([
    '0 start by null',
    '2 mark-failed by me',
  ])
})

test('lines that change nothing but the time tell of nothing', () => {
  expect(words([makeMoment(1, 'running'), makeMoment(2, 'running'), makeMoment(3, 'running')])).toEqual([
    '0 start by null',
  ])
})
