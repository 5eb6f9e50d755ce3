import { expect } from '@playwright/test'
import { test } from './open'

interface Bridged {
  readonly rundesk: {
    readonly request: (
      channel: string,
      input: unknown,
    ) => Promise<{ readonly ok: boolean; readonly error?: { readonly code: string } }>
    readonly pathOf: (file: File) => string
  }
}

test('the page has the bridge and nothing else, and main checks what it asks', async ({ open }) => {
  const { page } = await open()
  const seen = await page.evaluate(async () => {
    const { rundesk } = window as unknown as Bridged
    const code = async (channel: string, input: unknown): Promise<string | undefined> =>
      (await rundesk.request(channel, input)).error?.code
    return {
      node: ['require', 'process', 'module'].filter((name) => name in window),
      bridge: Object.keys(rundesk).sort(),
      ownFile: rundesk.pathOf(new File(['x'], '/etc/passwd')),
      opened: window.open('https://example.com') === null,
      unknown: await code('files:read', { path: '/etc/passwd' }),
      cliOnly: await code('runs:start', { workspaceId: 'x', file: '/x', vars: {} }),
      badInput: await code('runs:query', { workspaceId: 7 }),
      hostileId: await code('runs:get', { workspaceId: '../..', runId: '../../etc/passwd' }),
      fetched: await fetch('https://example.com').then(
        () => 'reached',
        () => 'refused',
      ),
    }
  })
  expect(seen).toEqual({
    node: [],
    bridge: ['pathOf', 'request', 'subscribe'],
    ownFile: '',
    opened: true,
    unknown: 'refused',
    cliOnly: 'refused',
    badInput: 'refused',
    hostileId: 'not_found',
    fetched: 'refused',
  })
})

test('the page stays where it is, under a strict policy', async ({ open }) => {
  const { page } = await open()
  const policy = await page.evaluate(async () => (await fetch(location.href)).headers.get('content-security-policy'))
  const after = await page.evaluate(async () => {
    location.href = 'https://example.com/'
    await fetch(document.URL) // Main has decided about the navigation when this has been answered.
    return { protocol: location.protocol, shown: document.querySelector('nav') !== null }
  })
  expect([policy?.includes("script-src 'self'"), policy?.includes('unsafe'), after]).toEqual([
    true,
    false,
    { protocol: 'rundesk-app:', shown: true },
  ])
})
