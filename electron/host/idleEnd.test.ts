import { expect, test, vi } from 'vitest'
import { whenIdle } from './idleEnd'

test('it ends when nobody is busy any more, and once', async () => {
  let busy = true
  let looks = 0
  const onIdle = vi.fn()
  const stop = whenIdle({
    afterMs: 40,
    isBusy: () => {
      looks++
      return busy
    },
    onIdle,
  })
  await vi.waitFor(() => expect(looks).toBeGreaterThan(20))
  expect(onIdle).not.toHaveBeenCalled()
  busy = false
  await vi.waitFor(() => expect(onIdle).toHaveBeenCalled())
  const looked = looks
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect([looks, onIdle.mock.calls.length]).toEqual([looked, 1])
  stop()
})
