import { expect, test } from 'vitest'
import { trayItems, trayTip } from './trayWords'

const counts = { running: 3, needsYou: 1, undelivered: 1400, unread: 0, pausedUntilMs: null }

test('the tray leads to what runs, what needs a person and what is undelivered, with counts', () => {
  expect(trayItems(counts).flatMap((item) => (item.kind === 'place' ? [`${item.label} > ${item.place}`] : []))).toEqual(
    [
      '3 running > running',
      '1 run needs you > needs-you',
      '1,400 undelivered writebacks > undelivered',
      'Notifications (0 unread) > notices',
    ],
  )
})

test('a pause is offered, and its end once it is there', () => {
  const acts = (pausedUntilMs: number | null) =>
    trayItems({ ...counts, pausedUntilMs }).flatMap((item) => (item.kind === 'act' ? [item.act] : []))
  expect([acts(null), acts(1)]).toEqual([
    ['open', 'pause', 'quit'],
    ['open', 'unpause', 'quit'],
  ])
})

test('the tip tells the counts in one line', () => {
  expect(trayTip(counts)).toBe('Rundesk: 3 running, 1 needs you, 1,400 undelivered')
})
