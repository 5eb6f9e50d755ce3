import { expect, test } from 'vitest'
import { createBreath } from './breath'

test('a loop ends with the reason of its signal at its next breath', async () => {
  const stop = new AbortController()
  const breath = createBreath(1, stop.signal)
  stop.abort(new Error('nobody waits'))
  const loop = async (): Promise<void> => {
    for (;;) await breath()
  }
  await expect(loop()).rejects.toThrow('nobody waits')
})
