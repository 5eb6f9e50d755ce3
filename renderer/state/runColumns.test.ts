import { expect, test } from 'vitest'
import {
  changedColumn,
  fittingColumns,
  gridTracks,
  initialColumns,
  movedColumn,
  parseColumns,
  placedColumn,
} from './runColumns'

const ids = (columns: readonly { readonly id: string }[]): string[] => columns.map(({ id }) => id)

test('columns are read as they were written', () => {
  const columns = movedColumn(changedColumn(initialColumns, 'id', { shown: false, width: 90 }), 'error', -8)
  expect([parseColumns(JSON.stringify(columns)), ids(columns).slice(0, 2)]).toEqual([columns, ['error', 'status']])
})

test.each([null, 'no json', '[{"id":"beauty","shown":true,"width":1}]', '[{"id":"id","shown":true,"width":9e9}]'])(
  'what is no list of columns, %j, gives those of the first start',
  (text) => {
    expect(parseColumns(text)).toBe(initialColumns)
  },
)

test('a column that is named twice stands once, and one that is not named at the end', () => {
  const id = { id: 'id', shown: true, width: null }
  const columns = parseColumns(JSON.stringify([id, id]))
  expect([ids(columns).filter((one) => one === 'id'), columns.length]).toEqual([['id'], initialColumns.length])
})

test('where there is no room the columns worth least go, and the workflow stays', () => {
  expect([
    ids(fittingColumns(initialColumns, 5_000)),
    ids(fittingColumns(initialColumns, 360)),
    ids(fittingColumns(initialColumns, 1)),
  ]).toEqual([
    ['status', 'workflow', 'id', 'started', 'steps', 'duration', 'error'],
    ['status', 'workflow', 'started'],
    ['workflow'],
  ])
})

test('a column goes beside another one, and stays where that is itself or none', () => {
  const put = (beside: string, after: boolean) => ids(placedColumn(initialColumns, 'started', { beside, after }))
  expect([put('status', false), put('error', true), put('started', true), put('beauty', true)]).toEqual([
    ['started', 'status', 'workflow', 'workspace', 'id', 'ended', 'steps', 'duration', 'error'],
    ['status', 'workflow', 'workspace', 'id', 'ended', 'steps', 'duration', 'error', 'started'],
    ids(initialColumns),
    ids(initialColumns),
  ])
})

test('a column that was given a width keeps it', () => {
  const columns = changedColumn(initialColumns, 'workflow', { width: 333 })
  expect(gridTracks(fittingColumns(columns, 700))).toBe('minmax(112px, 172px) 333px 88px minmax(140px, 1.6fr)')
})
