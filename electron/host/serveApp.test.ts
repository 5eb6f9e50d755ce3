import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { ask, forward, openHost, openPage, visit } from './openHost.testkit'

const statusOf = async (answer: Promise<WebSocket | number>): Promise<number | 'open'> => {
  const given = await answer
  if (typeof given === 'number') return given
  given.terminate()
  return 'open'
}

test('nobody gets anything without the token or the session that it was exchanged for', async () => {
  const { url } = await openHost()
  const mine = await visit(url)
  const other = await visit(url)
  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> =>
    (await ask(`${url.origin}${path}`, { headers, method })).status
  const answers = {
    nothing: await get('/'),
    wrong: await get(`/?token=${'0'.repeat(64)}`),
    short: await get('/?token='),
    path: await get(mine.path),
    wrongCookie: await get(mine.path, { Cookie: `${mine.cookie.slice(0, -1)}x` }),
    cookieOfAnother: await get(mine.path, { Cookie: other.cookie }),
    session: await get(mine.path, { Cookie: `a=b; ${mine.cookie}` }),
    posted: await get(mine.path, { Cookie: mine.cookie }, 'POST'),
    outside: await get(`${mine.path}..%2f..%2fpackage.json`, { Cookie: mine.cookie }),
    badEscape: await get(`${mine.path}%zz`, { Cookie: mine.cookie }),
    badAddress: await get('//[', { Cookie: mine.cookie }),
  }
  expect(answers).toEqual({
    nothing: 403,
    wrong: 403,
    short: 403,
    path: 403,
    wrongCookie: 403,
    cookieOfAnother: 403,
    session: 200,
    posted: 405,
    outside: 404,
    badEscape: 404,
    badAddress: 404,
  })
})

test('the cookie of a session goes to its own path alone, and no answer is kept', async () => {
  const { url } = await openHost()
  const welcome = await ask(url.href)
  const path = welcome.headers.location ?? ''
  const refused = await ask(url.origin)
  const page = await ask(`${url.origin}${path}`, { headers: { Cookie: welcome.headers['set-cookie']?.[0] ?? '' } })
  const cookie = welcome.headers['set-cookie']?.[0]?.replace(/=[0-9a-f]{64}/, '=SECRET')
  expect([path, cookie]).toEqual([
    expect.stringMatching(/^\/[0-9a-f]{24}\/$/),
    `rundesk_session=SECRET; HttpOnly; SameSite=Strict; Path=${path}`,
  ])
  const kept = [welcome, refused, page].map(({ headers }) => headers['cache-control'])
  expect([page.text, kept]).toEqual(['<p>The window</p>', ['no-store', 'no-store', 'no-store']])
})

test('a name that a stranger makes resolve to this machine is no address of ours', async () => {
  const { url } = await openHost()
  const mine = await visit(url)
  const at = async (host: string): Promise<readonly unknown[]> => [
    (await ask(`${url.origin}${mine.path}`, { headers: { Host: host, Cookie: mine.cookie } })).status,
    (await ask(url.href, { headers: { Host: host } })).status,
    await statusOf(openPage(url.origin, { ...mine, headers: { Host: host, Origin: `http://${host}` } })),
  ]
  const refused = [403, 403, 403]
  const hostile = [
    'evil.example',
    `evil.example:${url.port}`,
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    '0.0.0.0',
    '127.0.0.1@evil.example',
  ]
  for (const host of hostile) expect([host, await at(host)]).toEqual([host, refused])
  for (const host of [`localhost:${url.port}`, '127.0.0.1:9', '[::1]:80'])
    expect([host, await at(host)]).toEqual([host, [200, 303, 'open']])
})

test('no page of another origin gets a connection, even with the cookie of a session', async () => {
  const { url } = await openHost()
  const mine = await visit(url)
  const from = (origin: string): Promise<number | 'open'> =>
    statusOf(openPage(url.origin, { ...mine, headers: { Origin: origin } }))
  const answers = {
    ours: await from(url.origin),
    otherPort: await from('http://127.0.0.1:9'),
    otherName: await from(`http://localhost:${url.port}`),
    otherScheme: await from(`https://127.0.0.1:${url.port}`),
    stranger: await from('http://evil.example'),
    file: await from('null'),
    noCookie: await statusOf(openPage(url.origin, { ...mine, cookie: '' })),
    otherPath: await statusOf(openPage(url.origin, { ...mine, path: '/' })),
  }
  expect(answers).toEqual({
    ours: 'open',
    otherPort: 403,
    otherName: 403,
    otherScheme: 403,
    stranger: 403,
    file: 403,
    noCookie: 403,
    otherPath: 403,
  })
})

test('what another page embeds is refused; a link that a person followed asks the browser to look again', async () => {
  const { url } = await openHost()
  const { path, cookie } = await visit(url)
  const as = async (site: string, mode: string, dest: string, withCookie: boolean): Promise<readonly unknown[]> => {
    const metadata = { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Dest': dest }
    const headers = { ...metadata, ...(withCookie ? { Cookie: cookie } : {}) }
    const { status, text } = await ask(`${url.origin}${path}`, { headers })
    return [status, /look-again|window/.exec(text)?.[0]]
  }
  const answers = {
    picture: await as('cross-site', 'no-cors', 'image', true),
    script: await as('same-site', 'no-cors', 'script', true),
    frame: await as('same-site', 'navigate', 'iframe', true),
    fetched: await as('same-site', 'cors', 'empty', true),
    followed: await as('cross-site', 'navigate', 'document', false),
    again: await as('same-origin', 'navigate', 'document', true),
    stranger: await as('none', 'navigate', 'document', false),
  }
  expect(answers).toEqual({
    picture: [403, undefined],
    script: [403, undefined],
    frame: [403, undefined],
    fetched: [403, undefined],
    followed: [200, 'look-again'],
    again: [200, 'window'],
    stranger: [403, undefined],
  })
})

test('many wrong tokens are refused in other words, and keep the right one out in no way', async () => {
  const { url } = await openHost()
  const wrong: number[] = []
  for (let index = 0; index < 12; index++) wrong.push((await ask(`${url.origin}/?token=${index}`)).status)
  const right = await ask(url.href)
  expect([wrong, right.status]).toEqual([[...Array<number>(10).fill(403), 429, 429], 303])
})

test('a forwarded port works like our own', async () => {
  const { url } = await openHost()
  const near = await forward(Number(url.port))
  const visitor = await visit(new URL(`${near}/${url.search}`))
  const page = await ask(`${near}${visitor.path}`, { headers: { Cookie: visitor.cookie } })
  const socket = await openPage(near, visitor)
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  const answer = new Promise((resolve) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data))
      if (message.id === 1) resolve(message.outcome.ok)
    })
  })
  socket.send(JSON.stringify({ id: 1, channel: 'app:info', input: {} }))
  expect([page.status, await answer]).toEqual([200, true])
  socket.terminate()
})

test('only so many pages are served at once', async () => {
  const { url, pages } = await openHost()
  const mine = await visit(url)
  const opened = await Promise.all(Array.from({ length: 34 }, () => openPage(url.origin, mine)))
  const sockets = opened.filter((one) => one instanceof WebSocket)
  expect([sockets.length, pages(), opened.filter((one) => one === 503).length]).toEqual([32, 32, 2])
  for (const socket of sockets) socket.terminate()
})
