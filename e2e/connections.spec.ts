import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { _electron as electron, expect } from '@playwright/test'
import { makeTokens, plantedWorkspaces, plantTokens } from '../electron/demo/plantedTokens.testkit'
import { startPracticeServer } from '../electron/demo/practiceServer/practiceServer'
import { retryOne } from './deskWorld'
import { test } from './open'

const projectDir = resolve(import.meta.dirname ?? '.', '..')

test('the app connects to nothing but the servers of mounts, and to those only for what a person asks', async ({
  workspace,
}) => {
  const root = dirname(workspace)
  const tokens = makeTokens()
  const server = await startPracticeServer({ token: tokens.acme, workspaceId: plantedWorkspaces.acme })
  const { env } = await plantTokens(root, { tokens, serverUrl: server.url })
  const [connections, netLog] = [join(root, 'connections'), join(root, 'netlog.json')]
  await writeFile(connections, '')
  const app = await electron.launch({
    executablePath: process.env.RUNDESK_TEST_ELECTRON ?? '',
    args: [await makeRecorded(root), `--log-net-log=${netLog}`, '-w', workspace, '--data-dir', join(root, 'data')],
    env: { ...(process.env as Record<string, string>), ...env, RECORD_CONNECTIONS: connections },
  })
  const made = async (): Promise<readonly string[]> => {
    const lines = (await readFile(connections, 'utf8')).split('\n').filter((line) => line.includes('port'))
    return [...new Set(lines)]
  }
  const page = await app.firstWindow()
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  for (const hash of ['#/w/all/overview', '#/w/all/problems', '#/settings/updates', '#/diagnostics', '#/notices']) {
    await page.evaluate((place) => {
      location.hash = place
    }, hash)
    await expect(page.getByRole('heading').first()).toBeVisible()
  }
  await page
    .getByRole('link', { name: /Writebacks/ })
    .first()
    .click()
  await page
    .getByRole('option', { name: /acme.*stuck\.md|stuck\.md/ })
    .first()
    .click()
  expect(await made()).toEqual([])
  await retryOne(page)
  await expect.poll(() => server.requests().length).toBeGreaterThan(0)
  expect(await made()).toEqual([JSON.stringify({ host: '127.0.0.1', port: Number(new URL(server.url).port) })])
  await app.close()
  await server.close()
  const log = await readFile(netLog, 'utf8')
  const found = [...log.matchAll(/"(?:url|host|address|address_list)":"?\[?"?([^"\]]*)/g)].map(([, what]) => what)
  expect([log.includes('"clientInfo"'), found]).toEqual([true, []])
})

/** A folder that Electron starts, which notes what main connects to from the first moment on. */
async function makeRecorded(root: string): Promise<string> {
  const folder = join(root, 'recorded')
  await mkdir(folder)
  const [recorder, main] = ['electron/cli/recordConnections.testkit.mjs', 'out/main/main.cjs'].map((path) =>
    pathToFileURL(join(projectDir, path)),
  )
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'rundesk', version: '0.1.0', main: 'main.mjs' }))
  await writeFile(join(folder, 'main.mjs'), `await import('${recorder}')\nawait import('${main}')\n`)
  return folder
}
