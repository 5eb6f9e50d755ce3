import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRedactor, hideQuoted } from './redact'

const facts = {
  homes: ['/home/alice', 'C:\\Users\\alice'],
  names: ['alice', 'alices-laptop'],
  secrets: ['hunter2-of-the-environment', 'pa"ss wörd'],
}
const redactor = createRedactor(facts)
const letters = (alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength })
const wordy = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A secret, and a text that holds it as it occurs. */
const occurrences = fc.oneof(
  ...[
    ...['ghp_', 'github_pat_', 'glpat-', 'xoxb-', 'sk-ant-', 'sk_live_', 'npm_', 'ntn_', 'relay_pa_', 'relay_ws_'],
  ].map((prefix) => letters(wordy, 24, 40).map((rest) => [rest, prefix + rest] as const)),
  letters(wordy, 20, 30).map((rest) => [rest, `eyJ${rest}.${rest}.${rest}`] as const),
  fc
    .tuple(fc.constantFrom('Authorization', 'authorization', 'Proxy-Authorization', 'Cookie'), letters(wordy, 6, 30))
    .chain(([name, value]) =>
      fc.constantFrom(
        [value, `${name}: Basic ${value}`] as const,
        [value, `${name}: Digest user="x", response="${value}"`] as const,
        [value, `{"${name}":"${value}"}`] as const,
        [value, JSON.stringify(JSON.stringify({ [name]: `Token ${value}` }))] as const,
      ),
    ),
  fc
    .tuple(letters(wordy, 4, 12), letters(`${wordy}-_.~!$*:@`, 6, 20))
    .map(([user, password]) => [password, `https://${user}:${password}x@example.com/a`] as const),
  fc
    .tuple(
      fc.constantFrom(
        'GITHUB_TOKEN',
        'API_KEY',
        'DB_PASSWORD',
        'AWS_SECRET_ACCESS_KEY',
        'apiKey',
        'x-api-key',
        'MY_SECRET_2',
      ),
      letters(`${wordy}-_.~+/%`, 6, 30),
    )
    .chain(([name, value]) =>
      fc.constantFrom(
        ...[`${name}=${value}`, `export ${name}="${value}"`, `${name}: '${value}'`, `{"${name}": "${value}"}`].map(
          (text) => [value, text] as const,
        ),
        [value, `https://example.com/?a=1&${name}=${value}&b=2`] as const,
        [value, JSON.stringify(JSON.stringify({ [name]: value }))] as const,
      ),
    ),
  fc
    .constantFrom(...facts.homes, ...facts.names, ...facts.secrets)
    .chain((value) =>
      fc
        .constantFrom(
          value,
          value.toUpperCase() === value ? value : `${value}/projects`,
          JSON.stringify(value),
          encodeURIComponent(value),
          `file://${encodeURI(value)}/x`,
        )
        .map((text) => [value, text] as const),
    ),
)
const around = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019 .,;:()[]{}<>/\\"\'\n\t‹›=&?@-_'), maxLength: 20 })
  .filter((text) => !/alice/i.test(text))

test('nothing that is secret survives, whatever stands around it', () => {
  fc.assert(
    fc.property(occurrences, around, around, ([secret, text], before, after) => {
      const shown = redactor.text(`${before} ${text} ${after}`)
      const spelled = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]
      return spelled.every((one) => !shown.toLowerCase().includes(one.toLowerCase()))
    }),
    { numRuns: 5_000 },
  )
})

test.each([
  'Authorization: Digest user="alice", nonce=hunter2-of-the-environment, response=LEAK',
  'MY_KEY=relay_pa_abc~LEAK',
  'https://alice:ghp_0123456789abcdef:LEAK@example.com/',
])('what is taken out first hides no part of a larger secret: %s', (text) => {
  expect(redactor.text(text)).not.toContain('LEAK')
})

test('a document loses the values of secret names at any depth, and keeps its form', () => {
  const value = {
    version: '1.0',
    env: { GITHUB_TOKEN: 'abc', PATH: '/home/alice/bin', port: 80 },
    list: [{ apiKey: 12 }, 'Bearer abcdefgh', null],
    '/home/alice/x': true,
  }
  expect(redactor.document(value)).toEqual({
    version: '1.0',
    env: { GITHUB_TOKEN: '‹secret›', PATH: '‹home›/bin', port: 80 },
    list: [{ apiKey: '‹secret›' }, 'Bearer ‹token›', null],
    '‹home›/x': true,
  })
})

test.each([
  '/home/alicia/x',
  'Run 4f1c failed: connect ECONNREFUSED 127.0.0.1:8080',
  'https://example.com/a?b=c',
  'the token is missing',
])('what is no secret stays: %s', (text) => {
  expect(redactor.text(text)).toBe(text)
})

test('a short name goes as a word only', () => {
  const { text } = createRedactor({ homes: [], names: ['ed'], secrets: [] })
  expect(text('ed edited /home/ed/x, Ed!')).toBe('‹name› edited /home/‹name›/x, ‹name›!')
})

test('an unexpected error does not quote the content that it stumbled over', () => {
  let message = ''
  try {
    JSON.parse('my salary is 12')
  } catch (error) {
    message = String(error)
  }
  expect(hideQuoted(message)).not.toContain('salary')
})

test('texts of any make and length are looked through to their end', () => {
  const parts = [
    'a',
    'key',
    'eyJ-',
    '://',
    '://a:',
    'a.',
    'token ',
    'token=',
    '"',
    "'",
    '-----BEGIN ',
    'bearer ',
    'SG.',
  ]
  const long = [...parts, 'cookie ', 'x\\', 'sk-', 'relay_pa_', ' ', '\n', 'alic', '‹home', 'password"'].map((part) =>
    part.repeat(Math.ceil(200_000 / part.length)),
  )
  for (const text of long) {
    const told = `${text} ghp_0123456789abcdef0123 ${text}`
    expect([redactor.text(told).includes('0123456789abcdef'), hideQuoted(told).length > 0]).toEqual([false, true])
  }
})
