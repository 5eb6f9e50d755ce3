import { expect, test } from 'vitest'
import { createClient } from '../../shared/client'
import { type Outcome, RundeskError, toFailure } from '../../shared/outcome'
import type { RunAsk, RunGlances, RunPage } from '../../shared/runList'
import type { Run } from '../../shared/runs'
import { createRunPages, type RunPages } from './runPages'

const ask: RunAsk = { workspaceId: 'w', filter: 'all', search: '' }

interface Asked {
  readonly channel: string
  readonly input: { readonly search?: string; readonly offset: number; readonly limit: number; readonly order?: string }
}

/** Main, as far as lists ask it: so many runs, whose order has a name. `revise` changes the runs that hold a text. */
function openList(total: number): {
  readonly pages: RunPages
  readonly asked: readonly Asked[]
  readonly hold: (channel: string, search: string) => () => void
  readonly revise: (order: string, errorOf?: (index: number) => string) => void
} {
  const asked: Asked[] = []
  const held = new Map<string, Promise<void>>()
  let listener: (event: string, payload: unknown) => void = () => undefined
  let order = 'one'
  let errorOf = (_index: number): string => ''
  const answer = (channel: string, { offset, limit, search = '' }: Asked['input']): RunPage | RunGlances => {
    const count = Math.max(0, Math.min(limit, total - offset))
    const numbers = Array.from({ length: count }, (_, index) => offset + index)
    if (channel === 'runs:glance') return { names: ['flow'], rows: numbers.flatMap((number) => [0, 1_000 + number]) }
    const rows = numbers.map((number) => ({ id: `${search}${number}`, error: errorOf(number), counts: { total: 1 } }))
    return { ...({} as RunPage), rows: rows as unknown as Run[], total, order, newRows: 0, goneRows: 0 }
  }
  const client = createClient({
    request: async (channel, input): Promise<Outcome<unknown>> => {
      const question = { channel, input: input as Asked['input'] }
      asked.push(question)
      await held.get(`${channel} ${question.input.search ?? ''}`)
      if (channel === 'runs:glance' && question.input.order !== order)
        return { ok: false, error: toFailure(new RundeskError('not_found', 'forgotten')) }
      return { ok: true, value: answer(channel, question.input) }
    },
    subscribe: (heard) => {
      listener = heard
      return () => undefined
    },
  })
  const pages = createRunPages(client)
  pages.listen()
  return {
    pages,
    asked,
    hold: (channel, search) => {
      let release: () => void = () => undefined
      held.set(`${channel} ${search}`, new Promise((resolve) => (release = resolve)))
      return () => {
        held.delete(`${channel} ${search}`)
        release()
      }
    },
    revise: (nowOrder, errors = errorOf) => {
      order = nowOrder
      errorOf = errors
      listener('runs:changed', { workspaceId: 'w' })
    },
  }
}

const offsets = (asked: readonly Asked[], channel: string): number[] =>
  asked.filter((one) => one.channel === channel).map(({ input }) => input.offset)

test('the rows of the last question stay until the new one is answered, and an answer that comes late is not shown', async () => {
  const { pages, hold } = openList(500)
  pages.want(ask, false)
  await expect.poll(() => pages.rowAt(3)?.id).toBe('3')
  const releaseFirst = hold('runs:query', 'a')
  pages.want({ ...ask, search: 'a' }, false)
  const whileAsked = pages.rowAt(3)?.id
  pages.want({ ...ask, search: 'ab' }, false)
  await expect.poll(() => pages.rowAt(3)?.id).toBe('ab3')
  releaseFirst()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect([whileAsked, pages.rowAt(3)?.id, pages.state().key]).toEqual([
    '3',
    'ab3',
    JSON.stringify({ ...ask, search: 'ab' }),
  ])
})

test('somebody who looks through the list finds the pages beside the screen, and nobody else costs them', async () => {
  const { pages, asked } = openList(2_000)
  pages.want(ask, false)
  await expect.poll(() => offsets(asked, 'runs:glance')).toEqual([0])
  expect(offsets(asked, 'runs:query')).toEqual([0])
  pages.want(ask, true)
  pages.show(480, 510)
  await expect.poll(() => [350, 480, 510, 650].map((index) => pages.rowAt(index)?.id)).not.toContain(undefined)
  expect(pages.rowAt(5)).toBe(undefined)
})

test('who flies through a list sees glances, and only where the flight ends rows are fetched', async () => {
  const { pages, asked } = openList(30_000)
  pages.want(ask, true)
  await expect.poll(() => offsets(asked, 'runs:glance')).toEqual([0, 10_000, 20_000])
  const before = offsets(asked, 'runs:query').length
  for (let first = 200; first < 29_000; first += 200) pages.show(first, first + 20)
  const flown = [pages.rowAt(28_800), pages.glanceAt(28_800)]
  pages.show(29_005, 29_025)
  await expect.poll(() => pages.rowAt(29_020)?.id).toBe('29020')
  expect(flown).toEqual([undefined, { workflowName: 'flow', startedMs: 29_800 }])
  expect(offsets(asked, 'runs:query').slice(before)).not.toContain(15_000)
})

test('a run that did not change is the same object after a change of others', async () => {
  const { pages, revise } = openList(50)
  pages.want(ask, false)
  await expect.poll(() => pages.rowAt(3)?.id).toBe('3')
  const [third, fourth] = [pages.rowAt(3), pages.rowAt(4)]
  revise('two', (index) => (index === 4 ? 'exit 1' : ''))
  await expect.poll(() => pages.rowAt(4)?.error).toBe('exit 1')
  expect([pages.rowAt(3) === third, pages.rowAt(4) === fourth]).toEqual([true, false])
})

test('a list whose order was forgotten meanwhile shows no glances, and its rows all the same', async () => {
  const { pages, asked, hold, revise } = openList(500)
  const release = hold('runs:glance', '')
  pages.want(ask, true)
  await expect.poll(() => offsets(asked, 'runs:glance')).toEqual([0])
  revise('two')
  release()
  await expect.poll(() => pages.state().page?.order).toBe('two')
  pages.show(250, 270)
  await expect.poll(() => pages.rowAt(260)?.id).toBe('260')
  expect(pages.state().failure).toBe(null)
})

test('the first runs that come are asked for at once, however long the answer took that there are none', async () => {
  const { pages, asked, hold, revise } = openList(0)
  const queries = (): number => asked.filter(({ channel }) => channel === 'runs:query').length
  const release = hold('runs:query', '')
  pages.want(ask, false)
  await expect.poll(queries).toBe(1)
  await new Promise((done) => setTimeout(done, 300))
  release()
  await expect.poll(() => pages.state().page?.total).toBe(0)
  revise('two')
  await new Promise((done) => setTimeout(done))
  expect(queries()).toBe(2)
})
