import { expect, test } from 'vitest'
import { fittingEntries, type PaletteEntry } from './paletteEntries'

const entry = (label: string, more: Partial<PaletteEntry> = {}): PaletteEntry => ({
  id: label,
  group: 'Go to',
  label,
  refusal: null,
  run: () => undefined,
  ...more,
})
const labels = (entries: readonly PaletteEntry[]): readonly string[] => entries.map(({ label }) => label)

test('every typed word must fit, and what begins with it comes first', () => {
  const entries = [entry('payments: Failed runs'), entry('Failed runs'), entry('Unfailed'), entry('Runs')]
  expect(labels(fittingEntries(entries, 'fail'))).toEqual(['Failed runs', 'payments: Failed runs', 'Unfailed'])
})

test('notes are found as well, and signs mean themselves', () => {
  const entries = [entry('sync', { note: 'connect (refused)' }), entry('other')]
  expect([labels(fittingEntries(entries, 'refused')), labels(fittingEntries(entries, '(re'))]).toEqual([
    ['sync'],
    ['sync'],
  ])
})

test('what main found for the words fits whatever it is called', () => {
  expect(labels(fittingEntries([entry('sync', { found: true }), entry('other')], 'ECONN'))).toEqual(['sync'])
})

test('without a word everything is there, as it was', () => {
  expect(labels(fittingEntries([entry('b'), entry('a')], '  '))).toEqual(['b', 'a'])
})
