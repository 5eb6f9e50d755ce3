// @vitest-environment happy-dom
import { expect, onTestFinished, test, vi } from 'vitest'
import { createClock } from './clock'

/** Hides the page, or shows it again. */
function setHidden(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
  document.dispatchEvent(new Event('visibilitychange'))
}

test('all who listen hear the same time', async () => {
  const clock = createClock(1)
  const heard: number[][] = [[], []]
  for (const times of heard) onTestFinished(clock((nowMs) => times.push(nowMs)))
  await vi.waitFor(() => expect(heard[1]?.length).toBeGreaterThan(2))
  expect(heard[0]).toEqual(heard[1])
})

test('nobody hears the time in a page that cannot be seen', async () => {
  const clock = createClock(1)
  onTestFinished(() => setHidden(false))
  let heard = 0
  onTestFinished(
    clock(() => {
      heard++
    }),
  )
  setHidden(true)
  const before = heard
  // Another timer of the same pace, to know that time went by.
  let rounds = 0
  const timer = setInterval(() => rounds++, 1)
  onTestFinished(() => clearInterval(timer))
  await vi.waitFor(() => expect(rounds).toBeGreaterThan(3))
  expect(heard).toBe(before)
})

test('the time is told as soon as the page is seen again', () => {
  const clock = createClock(3_600_000)
  const times: number[] = []
  onTestFinished(clock((nowMs) => times.push(nowMs)))
  setHidden(true)
  setHidden(false)
  expect(times).toHaveLength(1)
})

test('who stopped listening hears nothing more', () => {
  const clock = createClock(3_600_000)
  let heard = 0
  const stop = clock(() => {
    heard++
  })
  stop()
  setHidden(true)
  setHidden(false)
  expect(heard).toBe(0)
})
