import { expect, test } from 'vitest'
import { type DeskRoute, narrowed } from './deskRoute'
import { filterOf, isNarrowed } from './useWritebackWindow'

const route: DeskRoute = { screen: 'writebacks', workspaceId: 'w', openId: 'k', ask: { q: 'a', state: 'stuck' } }

test('narrowing keeps what else was asked, drops what is empty, and opens nothing', () => {
  expect(narrowed(route, { q: '', cause: 'g' })).toEqual({
    screen: 'writebacks',
    workspaceId: 'w',
    ask: { state: 'stuck', cause: 'g' },
  })
})

test('words of an address that nobody knows ask for nothing', () => {
  expect(filterOf({ ...route, ask: { state: 'lost', causes: 'none', sort: 'size', mount: '/m' } })).toEqual({
    workspaceId: 'w',
    mount: '/m',
  })
})

test('an order alone narrows nothing', () => {
  expect([isNarrowed({ workspaceId: 'w', sort: 'newest' }), isNarrowed({ workspaceId: 'w', search: 'x' })]).toEqual([
    false,
    true,
  ])
})
