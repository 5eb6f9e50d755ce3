import { expect, test } from 'vitest'
import { namedServer } from './serverAddress'

test.each([
  [
    'postgres://reader@db.example/app',
    { host: 'db.example', port: 5432, database: 'app', user: 'reader', tls: 'require' },
  ],
  [
    'postgresql://a%40b@[::1]:6000/x?sslmode=disable',
    { host: '::1', port: 6000, database: 'x', user: 'a@b', tls: 'disable' },
  ],
])('%s is taken apart', (url, parts) => {
  expect(namedServer(url)).toEqual({ connection: { from: 'server', ...parts }, refused: null })
})

test.each([
  ['postgres://reader:hunter2@db/app', /holds a password/],
  ['postgres://reader@db/app?password=hunter2', /holds a password/],
  ['postgres://db/app', /Name the user/],
  ['postgres://reader@db:70000/app', /no port/],
  ['postgres://reader@db/app?sslmode=prefer', /leaves open/],
  ['mysql://reader@db/app', /postgres:/],
  ['postgres://reader@db', /postgres:/],
])('%s is refused in words that do not repeat a password', (url, words) => {
  const { refused } = namedServer(url)
  expect(refused).toMatch(words)
  expect(refused).not.toContain('hunter2')
})
