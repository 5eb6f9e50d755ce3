import { expect, test } from 'vitest'
import { createMirror } from './mirror'

/** A question whose answers come when the test lets them. */
function makeQuestion() {
  const answers: { resolve: (value: string) => void; reject: (error: Error) => void }[] = []
  let tell: () => void = () => undefined
  const mirror = createMirror<string>({
    fetch: () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
    subscribe: (changed) => {
      tell = changed
      return () => undefined
    },
  })
  return { mirror, answers, change: () => tell() }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

test('the first answer is shown', async () => {
  const { mirror, answers } = makeQuestion()
  answers[0]?.resolve('one')
  await settled()
  expect(mirror.store.getState()).toEqual({ value: 'one', failure: null, loading: false })
})

test('an answer that comes late never overwrites a newer one', async () => {
  const { mirror, answers } = makeQuestion()
  void mirror.refresh()
  answers[1]?.resolve('newer')
  await settled()
  answers[0]?.resolve('older')
  await settled()
  expect(mirror.store.getState().value).toBe('newer')
})

test('a failure keeps the last value and says why', async () => {
  const { mirror, answers } = makeQuestion()
  answers[0]?.resolve('one')
  await settled()
  void mirror.refresh()
  answers[1]?.reject(new Error('no'))
  await settled()
  expect(mirror.store.getState()).toMatchObject({ value: 'one', failure: { code: 'internal', message: 'no' } })
})

test('changes while one answer is under way become one more question', async () => {
  const { answers, change } = makeQuestion()
  change()
  change()
  change()
  answers[0]?.resolve('one')
  await settled()
  expect(answers.length).toBe(2)
})
