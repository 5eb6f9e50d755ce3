import { expect, test } from 'vitest'
import { createSourceAskers } from './sourceAskers'

/** Waits for as long as nobody ends it. */
const waiting = (signal: AbortSignal): Promise<string> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
const ask = (asker: string, channel: string, question: string) => ({ asker, channel, question })
const code = (error: { readonly code: string }): string => error.code

test('another question of the same asker on the same channel ends the one before, and no other', async () => {
  const askers = createSourceAskers()
  const first = askers.ask(ask('list', 'sources:runs', 'page 1'), waiting).catch(code)
  const other = askers.ask(ask('list', 'sources:run', 'x'), waiting).catch(code)
  const same = askers.ask(ask('list', 'sources:runs', 'page 1'), async () => 'the same question ends nothing')
  const second = askers.ask(ask('list', 'sources:runs', 'page 2'), async () => 'page 2')
  const third = askers.ask(ask('else', 'sources:runs', 'page 3'), waiting).catch(code)
  expect([await same, await first, await second]).toEqual(['the same question ends nothing', 'changed', 'page 2'])
  askers.leave('list')
  expect(await other).toBe('changed')
  askers.close()
  expect(await third).toBe('changed')
})

test('no question goes on for longer than the bound, whoever asks', async () => {
  const askers = createSourceAskers({ longestMs: 20 })
  const asked = { asker: undefined, channel: 'sources:check', question: '' }
  expect(await askers.ask(asked, waiting).catch(code)).toBe('unreachable')
})
