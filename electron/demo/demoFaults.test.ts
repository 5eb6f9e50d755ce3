import { expect, test } from 'vitest'
import { demoFaults } from '../../shared/contract'
import { setDemoFault, shownFaults } from './demoFaults'
import { createFaultBook } from './practiceServer/practiceFaults'

test('every fault of the demo can be switched on and off', () => {
  const book = createFaultBook()
  for (const fault of demoFaults) setDemoFault(book, { fault, on: true })
  const on = shownFaults(book).map((shown) => shown.on)
  for (const fault of demoFaults) setDemoFault(book, { fault, on: false })
  expect([on, shownFaults(book).filter((shown) => shown.on)]).toEqual([demoFaults.map(() => true), []])
})

test('a fault says what it is limited to, and is off when it has struck so often', () => {
  const book = createFaultBook()
  setDemoFault(book, { fault: 'chosen-answer', on: true, status: 418, body: 'no', path: '/linear/*', times: 1 })
  const shown = () => shownFaults(book).find(({ id }) => id === 'chosen-answer')
  const before = shown()
  const effects = [book.onCall('write', ['/notion/a.md']), book.onCall('write', ['/linear/a.json'])]
  const after = shown()
  const title = 'Answer writes with the status and body below'
  expect([before, effects, after]).toEqual([
    { id: 'chosen-answer', title, on: true, limits: 'HTTP 418, only /linear/*, once', hits: 0 },
    [[], [{ kind: 'refuse', status: 418, body: 'no' }]],
    { id: 'chosen-answer', title, on: false, limits: 'HTTP 418, only /linear/*, once', hits: 1 },
  ])
})
