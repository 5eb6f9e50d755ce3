import { expect, test } from 'vitest'
import { auditFilterOf } from './auditFilter'

test('days of an address begin and end where the person is', () => {
  const { from, to } = auditFilterOf({ ask: { from: '2026-03-01', to: '2026-03-01' } })
  expect([new Date(from ?? '').getHours(), new Date(to ?? '').getHours()]).toEqual([0, 23])
})

test('what nobody knows is not asked', () => {
  expect(auditFilterOf({ ask: { act: 'burn', outcome: 'lost', from: 'yesterday', to: '2026-99-99', q: 'x' } })).toEqual(
    {
      search: 'x',
    },
  )
})
