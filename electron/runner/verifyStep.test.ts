import { expect, test } from 'vitest'
import { createCappedOutput } from './cappedOutput'
import { soughtBy } from './verifyStep'

const url = 'https://github.com/Acme/web.app/pull/42'

function finds(value: string, output: string, chunkBytes = 7): boolean {
  const capped = createCappedOutput(soughtBy({ type: 'pr_url', value }))
  const bytes = Buffer.from(output)
  for (let at = 0; at < bytes.length; at += chunkBytes) capped.write(bytes.subarray(at, at + chunkBytes))
  return capped.found()
}

test.each([
  ['', `opened ${url}\n`, true],
  ['acme/web.app', `opened ${url}\n`, true],
  ['acme/webXapp', `opened ${url}\n`, false],
  ['acme/web', `opened ${url}\n`, false],
  ['', 'https://github.com/acme/web/issues/42', false],
  ['', 'https://github.com/acme/web/pull/', false],
  ['', 'see github.com/acme/web/pull/1', false],
  ['acme/web', 'https://github.com/else/x/pull/1 https://github.com/acme/web/pull/2', true],
  ['', `${'x'.repeat(400_000)}${url}${'y'.repeat(400_000)}`, true],
])('a pull request of %j is found as it should in %.60s', (value, output, found) => {
  expect(finds(value, output, output.length > 1000 ? 4096 : 7)).toBe(found)
})
