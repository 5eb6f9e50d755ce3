import { appendFile } from 'node:fs/promises'
import { expect, request } from '@playwright/test'
import { marksOf, rundesk, runLine, serve, test, writeWorkflow } from './open'

test('nobody gets in without the token of this launch', async ({ workspace, closers }) => {
  const url = new URL(await serve(['serve', '-w', workspace, '--data-dir', `${workspace}-data`], closers))
  const asking = await request.newContext()
  const answers = {
    without: (await asking.get(url.origin)).status(),
    wrong: (await asking.get(`${url.origin}/?token=${'0'.repeat(64)}`)).status(),
    otherHost: (await asking.get(url.href, { headers: { Host: 'evil.example' } })).status(),
    right: (await asking.get(url.href)).status(),
    post: (await asking.post(url.origin)).status(),
    outside: 0,
  }
  const session = new URL((await asking.get(url.href)).url())
  answers.outside = (await asking.get(`${session.href}..%2f..%2fpackage.json`)).status()
  expect(answers).toEqual({ without: 403, wrong: 403, otherHost: 403, right: 200, post: 405, outside: 404 })
})

test("the link that is copied in a browser is the page's own address, without its token", async ({
  open,
  workspace,
}) => {
  await appendFile(`${workspace}/.agent-relay/workflow-runs.jsonl`, runLine({ workflowName: 'sync', status: 'failed' }))
  const { page } = await open()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('option', { name: /Failed sync/ }).click()
  await page.getByRole('button', { name: 'Copy the link to the run' }).click()
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{24}\/#\/w\/[0-9a-f]{16}\/runs\/a+$/)
})

test('`rundesk open` leads a browser to what was named', async ({ workspace, closers }) => {
  const file = `${workspace}/copied.jsonl`
  await appendFile(file, runLine({ workflowName: 'from-a-colleague' }))
  const url = await serve(['open', file, '--data-dir', `${workspace}-data`], closers)
  expect(url).toMatch(/#\/w\/[0-9a-f]{16}\/runs$/)
})

test('what is served already is not served twice; who tries is told where it is', async ({ workspace, closers }) => {
  const args = ['serve', '-w', workspace, '--data-dir', `${workspace}-data`]
  const url = await serve(args, closers)
  const said: string[] = []
  const again = await serve(args, closers, { onOutput: (text) => said.push(text) }).catch(String)
  expect([again, said.join('').includes(url)]).toEqual(['Error: rundesk ended with 4: ', true])
})

test('it ends by itself when that is asked for and nobody looks', async ({ workspace }) => {
  const args = ['serve', '-w', workspace, '--data-dir', `${workspace}-data`, '--idle-minutes', '0.01']
  const ended = rundesk(args)
  expect((await ended).code).toBe(0)
})

test('after what served was killed the next page tells which run was cut off, and leads to it', async ({
  open,
  workspace,
}) => {
  await writeWorkflow(workspace, 'wait', [{ name: 'one', command: 'sleep 300 & wait' }])
  const first = await open()
  await expect(first.page.getByText('No runs yet')).toBeVisible()
  await first.page.keyboard.press('n')
  await first.page.getByRole('button', { name: 'Start wait' }).click()
  await expect.poll(() => marksOf(workspace)).toMatchObject([{ runs: [{ workflowName: 'wait' }] }])
  process.kill((await marksOf(workspace))[0]?.pid ?? 0, 'SIGKILL')
  const { page } = await open()
  const dialog = page.getByRole('dialog', { name: 'Rundesk did not close by itself' })
  await expect(dialog).toContainText('served to a browser')
  await expect(dialog).toContainText('1 run was cut off')
  await dialog.getByRole('link', { name: /wait/ }).click()
  await expect(page.getByRole('region', { name: 'Run wait' })).toBeVisible()
})
