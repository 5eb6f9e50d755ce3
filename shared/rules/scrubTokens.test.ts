import { expect, test } from 'vitest'
import { scrubTokens } from './scrubTokens'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJ3a3MiOiJ3c19hIn0.c2lnbmF0dXJl'

test.each([
  ['a web token', `denied for ${jwt}.`, 'denied for ‹token›.'],
  ['a prefixed one', `relay_pa_${jwt} expired`, '‹token› expired'],
  ['a header', 'Authorization: Bearer s3cr3t-value', 'Authorization: Bearer ‹token›'],
  ['a field', '{"accessToken":"abcdefgh12345"}', '{"accessToken":"‹token›"}'],
  ['an address', 'GET /fs/ws?from=now&token=abcdefgh12345 failed', 'GET /fs/ws?from=now&token=‹token› failed'],
])('%s is taken out of a text', (_what, text, shown) => {
  expect(scrubTokens(text)).toBe(shown)
})

test.each(['the token is missing', 'invalid token', 'token: none', 'http 401 unauthorized'])(
  'words about tokens stay: %s',
  (text) => {
    expect(scrubTokens(text)).toBe(text)
  },
)
