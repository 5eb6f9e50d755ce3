import { expect, test } from 'vitest'
import { createFirstThings } from './firstThings'

test('nothing has to wait as long as nobody waits', () => {
  expect(createFirstThings().over()).toBeUndefined()
})

test('what can wait goes on only behind all that somebody waits for, also what failed', async () => {
  const { first, over } = createFirstThings()
  const done: string[] = []
  const { promise, resolve } = withResolver()
  const failed = first(() => Promise.reject(new Error('no')))
  const slow = first(() => promise.then(() => done.push('slow')))
  const later = (async () => {
    for (let going = over(); going; going = over()) await going
    done.push('later')
  })()
  resolve()
  await Promise.allSettled([failed, slow, later])
  expect(done).toEqual(['slow', 'later'])
})

function withResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let give = (): void => undefined
  const promise = new Promise<void>((resolve) => {
    give = resolve
  })
  return { promise, resolve: () => give() }
}
