import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, type Page } from '@playwright/test'
import { serve, startChromium, test } from './open'

const strangersPage = '<!doctype html><title>Stranger</title>'

/** A server of somebody else on this machine; keeps the cookies that it is sent. */
async function startStranger(closers: (() => Promise<unknown>)[]): Promise<{ port: number; cookies: string[] }> {
  const cookies: string[] = []
  const server = createServer(({ headers }, response) => {
    if (headers.cookie) cookies.push(headers.cookie)
    response.setHeader('Content-Type', 'text/html').end(strangersPage)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, cookies }
}

/** Tries all that a page can do to get at another one's address, and tells what came of each. */
function attack(
  page: Page,
  { target, rebound }: { readonly target: string; readonly rebound: boolean },
): Promise<Record<string, string>> {
  return page.evaluate(
    async ([address, isRebound]) => {
      const late = new Promise((resolve) => setTimeout(resolve, 5_000, 'nothing came'))
      const settled = async (promise: Promise<unknown>): Promise<string> =>
        Promise.race([promise.then(() => 'reached'), late.then(String)]).catch(() => 'refused')
      const element = (tag: 'script' | 'img' | 'link', key: 'src' | 'href', value: string): Promise<string> =>
        settled(
          new Promise((resolve, reject) => {
            const made = Object.assign(document.createElement(tag), { rel: 'stylesheet', [key]: value })
            made.onload = resolve
            made.onerror = reject
            document.head.append(made)
          }),
        )
      const socket = (url: string): Promise<string> =>
        settled(
          new Promise((resolve, reject) => {
            const opened = new WebSocket(url)
            opened.onopen = resolve
            opened.onclose = reject
            opened.onerror = reject
          }),
        )
      const own = new URL(new URL(address).pathname, location.href)
      const fetchedHere = async (): Promise<void> => {
        const { ok, status } = await fetch(own, { credentials: 'include' })
        if (!ok) throw new Error(`refused with ${status}`)
      }
      const frame = document.createElement('iframe')
      const framed = new Promise((resolve) => {
        frame.onload = resolve
      })
      frame.src = address
      document.body.append(frame)
      const inFrame = await settled(framed)
      const read = (): string => {
        try {
          return frame.contentWindow?.document.body.textContent ? 'reached' : 'refused'
        } catch {
          return 'refused'
        }
      }
      return {
        fetched: await settled(fetch(address, { credentials: 'include' })),
        fetchedBlindly: await settled(fetch(address, { credentials: 'include', mode: 'no-cors' })),
        posted: await settled(fetch(address, { method: 'POST', credentials: 'include', body: '{}' })),
        script: await element('script', 'src', `${address}assets/index.js`),
        style: await element('link', 'href', `${address}assets/index.css`),
        picture: await element('img', 'src', `${address}assets/icon.svg`),
        framed: inFrame === 'reached' ? read() : inFrame,
        socket: await socket(`${address.replace('http', 'ws')}bridge`),
        ...(isRebound && {
          fetchedHere: await settled(fetchedHere()),
          socketHere: await socket(`${own.href.replace('http', 'ws')}bridge`),
        }),
      }
    },
    [target, rebound] as const,
  )
}

const allRefused = {
  fetched: 'refused',
  fetchedBlindly: 'refused',
  posted: 'refused',
  script: 'refused',
  style: 'refused',
  picture: 'refused',
  framed: 'refused',
  socket: 'refused',
}

test('no other page of the browser gets at Rundesk, not even one that knows its address', async ({
  workspace,
  closers,
}) => {
  const url = new URL(await serve(['serve', '-w', workspace, '--data-dir', `${workspace}-data`], closers))
  const stranger = await startStranger(closers)
  const browser = await startChromium(closers, ['--host-resolver-rules=MAP *.example 127.0.0.1'])
  const context = await browser.newContext()
  const own = await context.newPage()
  await own.goto(url.href)
  await expect(own.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible()
  const target = own.url().replace(/#.*/, '')

  const page = await context.newPage()
  const outcomes: Record<string, unknown> = {}
  const origins = ['http://127.0.0.1', 'http://localhost', 'http://evil.example']
  for (const origin of origins) await page.goto(`${origin}:${stranger.port}/`)
  const cookiesOfVisits = [...stranger.cookies]
  for (const origin of origins) {
    await page.goto(`${origin}:${stranger.port}/`)
    outcomes[origin] = await attack(page, { target, rebound: false })
  }
  // A name that led to the stranger when its page was loaded, and leads to Rundesk now.
  const rebound = `http://evil.example:${url.port}/`
  await page.route(rebound, (route) => route.fulfill({ contentType: 'text/html', body: strangersPage }))
  await page.goto(rebound)
  outcomes.rebound = await attack(page, { target, rebound: true })
  expect([outcomes, cookiesOfVisits]).toEqual([
    {
      'http://127.0.0.1': allRefused,
      'http://localhost': allRefused,
      'http://evil.example': allRefused,
      rebound: { ...allRefused, fetchedHere: 'refused', socketHere: 'refused' },
    },
    [],
  ])
})

test('the printed address works also as a link of another page', async ({ workspace, closers }) => {
  const url = await serve(['serve', '-w', workspace, '--data-dir', `${workspace}-data`], closers)
  const stranger = await startStranger(closers)
  const browser = await startChromium(closers, ['--host-resolver-rules=MAP *.example 127.0.0.1'])
  const page = await browser.newPage()
  await page.goto(`http://chat.example:${stranger.port}/`)
  await page.evaluate((address) => {
    document.body.innerHTML = '<a>Rundesk</a>'
    document.querySelector('a')?.setAttribute('href', address)
  }, `${url}#/w/all/problems`)
  await page.getByRole('link', { name: 'Rundesk' }).click()
  await expect(page.getByRole('heading', { name: 'Problems', level: 1 })).toBeVisible()
})
