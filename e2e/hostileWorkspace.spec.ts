import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { hostileRun, hostileTrajectory, makeHostileWorkspace } from '../electron/demo/hostileWorkspace.testkit'
import { test } from './open'

/** What the page did that a text must never make it do. */
interface Harm {
  readonly refused: readonly string[]
  readonly hacked: boolean
  readonly made: readonly string[]
  readonly links: readonly string[]
}

test('a workspace whose every string is markup, script, link, escape or path stays text in every screen', async ({
  open,
  workspace,
}) => {
  test.slow()
  const root = dirname(workspace)
  await mkdir(join(root, 'outside'))
  const hostile = await makeHostileWorkspace(root)
  const faults: string[] = []
  const { page } = await open({
    more: ['-w', hostile],
    env: { HOME: join(root, 'home') },
    onPage: (opened) => {
      opened.on('pageerror', (error) => faults.push(error.message))
      opened.on('dialog', (dialog) => {
        faults.push(`a dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      opened.on('console', (message) => {
        if (message.type() === 'error' || /Content Security Policy|Trusted/.test(message.text()))
          faults.push(message.text())
      })
    },
  })
  const home = new URL(page.url()).origin
  await page.evaluate(() => {
    const told = globalThis as unknown as { refused: string[] }
    told.refused = []
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      told.refused.push(`${violatedDirective} ${blockedURI}`)
    })
  })
  const id = await workspaceIdOf(page)
  const run = `#/w/${id}/runs/${hostileRun}`
  const hashes = [
    ...['overview', 'runs', 'start', 'trajectories', 'writebacks', 'problems'].map((screen) => `#/w/${id}/${screen}`),
    ...['Timeline', 'Graph', 'Log', 'State', 'Raw', 'History'].map((tab) => `${run}?tab=${tab}`),
    ...['operations', 'trash', 'audit', 'earlier'].map((view) => `#/w/${id}/writebacks/${view}`),
    `#/w/${id}/start?file=relay.yaml`,
    `#/w/${id}/trajectories/${hostileTrajectory}`,
    '#/notices',
    '#/settings/workspaces',
    '#/w/javascript:globalThis.hacked=1/runs/<img src=x onerror="globalThis.hacked=1">',
  ]
  let shown = 0
  for (const hash of hashes) {
    await go(page, hash)
    if ((await page.getByRole('main').textContent())?.includes('<img src=x onerror=')) shown++
  }
  await go(page, run)
  await page
    .getByRole('option', { name: /<img src=x/ })
    .first()
    .click()
  await go(page, `#/w/${id}/writebacks`)
  await page.getByRole('option', { name: /\.md/ }).first().click()
  const harm = await page.evaluate(
    (own): Harm => ({
      refused: (globalThis as unknown as { refused: readonly string[] }).refused,
      hacked: 'hacked' in globalThis,
      made: [...document.querySelectorAll('iframe, object, embed, img[src="x"], body script')].map((made) =>
        made.outerHTML.slice(0, 80),
      ),
      links: [...document.querySelectorAll('a')].map((link) => link.href).filter((href) => !href.startsWith(`${own}#`)),
    }),
    page.url().replace(/#.*/, ''),
  )
  expect({
    ...harm,
    faults,
    origin: new URL(page.url()).origin,
    outside: await readdir(join(root, 'outside')),
  }).toEqual({
    refused: [],
    hacked: false,
    made: [],
    links: [],
    faults: [],
    origin: home,
    outside: [],
  })
  expect(shown).toBeGreaterThan(10)
})

/** The id of the workspace with the hostile name. */
async function workspaceIdOf(page: Page): Promise<string> {
  const link = page.getByRole('region', { name: /<img src=x/ }).getByRole('link', { name: /^Runs/ })
  return /#\/w\/([0-9a-f]{16})\//.exec((await link.getAttribute('href')) ?? '')?.[1] ?? ''
}

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((wanted) => {
    location.hash = wanted
  }, hash)
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}
