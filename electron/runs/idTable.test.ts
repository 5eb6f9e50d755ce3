import { expect, test } from 'vitest'
import { createIdTable } from './idTable'

const hexDigits = '0123456789abcdef'

function makeIds(count: number): readonly string[] {
  let seed = 7
  const digit = (): string => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return hexDigits[seed >>> 28] ?? '0'
  }
  return Array.from({ length: count }, () => Array.from({ length: 24 }, digit).join(''))
}

test('ids of hex digits are told to hold just what their texts hold, wherever it stands', () => {
  const table = createIdTable()
  const ids = [...makeIds(200), '0'.repeat(24), 'f'.repeat(24), '8'.repeat(24), `${'0'.repeat(23)}1`]
  for (const id of ids) table.add(id)
  const [some = ''] = ids
  const parts = Array.from({ length: 24 }, (_, from) =>
    Array.from({ length: 24 - from }, (_, more) => some.slice(from, from + more + 1)),
  ).flat()
  const wanted = [...new Set([...hexDigits, ...parts, '00', '01', 'ff', '80', '000000000', 'f'.repeat(25)])]
  for (const digits of wanted) {
    const held = table.hexIds()?.holding(digits)(Uint32Array.from(ids, table.find))
    expect(
      ids.filter((_, at) => held?.[at] === 1),
      digits,
    ).toEqual(ids.filter((id) => id.includes(digits)))
  }
})

test('a table with an id of other letters has no ids that are digits', () => {
  const table = createIdTable()
  table.add('0'.repeat(24))
  expect(table.hexIds()).not.toBeNull()
  table.add('run-1')
  expect(table.hexIds()).toBeNull()
})
