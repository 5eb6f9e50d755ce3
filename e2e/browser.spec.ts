import { expect, request } from '@playwright/test'
import { serve, test } from './open'

test('nobody gets in without the token of this launch', async ({ workspace }) => {
  const closers: (() => Promise<unknown>)[] = []
  const url = new URL(await serve(['serve', '-w', workspace, '--data-dir', `${workspace}-data`], closers))
  const asking = await request.newContext()
  const answers = {
    without: (await asking.get(url.origin)).status(),
    wrong: (await asking.get(`${url.origin}/?token=${'0'.repeat(64)}`)).status(),
    otherHost: (await asking.get(url.href, { headers: { Host: 'evil.example' } })).status(),
    right: (await asking.get(url.href)).status(),
    post: (await asking.post(url.origin)).status(),
    outside: (await asking.get(`${url.origin}/..%2f..%2fpackage.json`)).status(),
  }
  for (const close of closers) await close()
  expect(answers).toEqual({ without: 403, wrong: 403, otherHost: 403, right: 200, post: 405, outside: 404 })
})
