import { expect, test } from 'vitest'
import { createNewestQuestions } from './newestQuestions'

/** Asks, and tells how it ended. An answer comes when its question is replaced, or with `end`. */
function makeAsked() {
  const ask = createNewestQuestions()
  let end = (): void => undefined
  const ended = new Promise<string>((resolve) => {
    end = () => resolve('answered')
  })
  const asking = (asker: string | undefined, question: string): Promise<string> =>
    ask(
      asker,
      question,
      (signal) =>
        new Promise<string>((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
          void ended.then(resolve)
        }),
    ).catch((error: { readonly code: string }) => error.code)
  return { asking, end }
}

test('another question of the same asker replaces the earlier one', async () => {
  const { asking, end } = makeAsked()
  const answers = [asking('window', 'first'), asking('window', 'second')]
  end()
  expect(await Promise.all(answers)).toEqual(['changed', 'answered'])
})

test('the same question, other askers and those without a name replace nothing', async () => {
  const { asking, end } = makeAsked()
  const asked = [['a', 'one'] as const, ['a', 'one'] as const, ['b', 'two'] as const, [undefined, 'three'] as const]
  const answers = asked.map(([asker, question]) => asking(asker, question))
  end()
  expect(await Promise.all(answers)).toEqual(asked.map(() => 'answered'))
})

test('a question that came back is answered, though it was replaced once', async () => {
  const { asking, end } = makeAsked()
  const answers = [asking('window', 'first'), asking('window', 'second'), asking('window', 'first')]
  end()
  expect(await Promise.all(answers)).toEqual(['changed', 'changed', 'answered'])
})
