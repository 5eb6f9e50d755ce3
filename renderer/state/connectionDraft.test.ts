import { expect, test } from 'vitest'
import type { Connection } from '../../shared/sources'
import { connectionOf, draftOf } from './connectionDraft'

const connections: readonly Connection[] = [
  { from: 'environment', variable: 'PAYMENTS_DATABASE_URL' },
  { from: 'service', service: 'payments' },
  {
    ...{ from: 'server', host: 'db.example.org', port: 5433, database: 'payments', user: 'reader' },
    ...{ tls: 'verify-full', password: 'keychain' },
  },
]

test.each(connections)('a form that begins with a $from connection gives it back', (connection) => {
  expect(connectionOf(draftOf(connection, ''))).toEqual(connection)
})

test('a form that lacks something gives no connection', () => {
  const typed = draftOf(connections[2] ?? null, '')
  expect([connectionOf({ ...typed, host: '' }), connectionOf({ ...typed, port: 'x' })]).toEqual([undefined, undefined])
})
