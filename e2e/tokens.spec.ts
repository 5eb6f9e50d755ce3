import { dirname } from 'node:path'
import { expect } from '@playwright/test'
import { huntTokens, makeTokens, plantedWorkspaces, plantTokens } from '../electron/demo/plantedTokens.testkit'
import { startPracticeServer } from '../electron/demo/practiceServer/practiceServer'
import { retryOne } from './deskWorld'
import { test } from './open'

test('no token reaches the window, what it asks and hears, or what is kept of it', async ({ open, workspace }) => {
  test.slow() // A server that is busy is asked four times before a retry is told to have failed.
  const root = dirname(workspace)
  const tokens = makeTokens()
  const server = await startPracticeServer({
    token: tokens.acme,
    workspaceId: plantedWorkspaces.acme,
    others: [{ token: tokens.other, workspaceId: plantedWorkspaces.other }],
  })
  server.faults.set({ on: ['read', 'write', 'op', 'replay'], effect: { kind: 'echo', status: 400 } })
  const { env, planted } = await plantTokens(root, { tokens, serverUrl: server.url })
  const said = { window: '', wire: '', console: '', process: '' }
  const { page } = await open({
    env,
    onOutput: (text) => {
      said.process += text
    },
    onPage: (opened) => {
      opened.on('console', (message) => {
        said.console += message.text()
      })
      opened.on('websocket', (socket) => {
        const hear = ({ payload }: { readonly payload: string | Buffer }): void => {
          said.wire += payload.toString()
        }
        socket.on('framesent', hear).on('framereceived', hear)
      })
    },
  })
  const look = async (): Promise<void> => {
    said.window += await page.content()
  }
  await page
    .getByRole('link', { name: /Writebacks/ })
    .first()
    .click()
  const items = page.getByRole('option', { name: /\.md/ })
  await expect(items.first()).toBeVisible()
  await look()
  for (const name of [/stuck\.md/, /conflict\.md/, /rejected\.md/]) {
    await page.getByRole('option', { name }).first().click()
    await look()
  }
  await page
    .getByRole('option', { name: /stuck\.md/ })
    .first()
    .click()
  await retryOne(page)
  await expect.poll(() => server.requests().some(({ status }) => status === 400)).toBe(true)
  await expect(page.getByText(/HTTP 400/).first()).toBeVisible()
  await look()
  await page
    .getByRole('link', { name: /Problems/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Problems', level: 1 })).toBeVisible()
  await look()
  const found = await huntTokens({ tokens, texts: said, folder: root, planted })
  await server.close()
  expect([said.window.includes('stuck.md'), found]).toEqual([true, []])
})
