import { expect, test } from 'vitest'
import { groupState } from './groupState'

const failing = { undelivered: 1, lastFailedMs: 100 }
const said = { atMs: 200, untilMs: null }

test.each([
  ['nobody said anything', null, failing, 'open'],
  ['nothing of it is undelivered', null, { ...failing, undelivered: 0 }, 'resolved'],
  ['a person resolved it', { ...said, state: 'resolved' }, failing, 'resolved'],
  ['it happened again since', { ...said, state: 'resolved' }, { ...failing, lastFailedMs: 201 }, 'open'],
  ['a person opened it again', { ...said, state: 'open' }, failing, 'open'],
  ['it is ignored for ever', { ...said, state: 'ignored' }, { ...failing, lastFailedMs: 900 }, 'ignored'],
  ['it is ignored for a while', { ...said, state: 'ignored', untilMs: 1001 }, failing, 'ignored'],
  ['the while is over', { ...said, state: 'ignored', untilMs: 1000 }, failing, 'open'],
] as const)('when %s', (_when, verdict, facts, state) => {
  expect(groupState(verdict, facts, 1000)).toBe(state)
})
