import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { rundesk, test, writeWorkflow } from './open'

test('a long log opens at its first error, and every hit of a search is counted and reached', async ({
  open,
  workspace,
}) => {
  test.slow()
  const command =
    'seq -f "line %.0f" 1 40000; sleep 1; echo "fatal: disk is full" >&2; sleep 1; seq -f "later %.0f" 1 20000; exit 1'
  await rundesk(['start', await writeWorkflow(workspace, 'talk', [{ name: 'chatter', command }]), '-w', workspace])
  const { page } = await open()
  await expect(page.getByRole('option', { name: /Failed talk/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'Timeline' })).toBeVisible()
  await page.keyboard.press('l')
  const log = page.getByRole('region', { name: 'Log of chatter' })
  await expect(log).toBeFocused()
  await expect(log.getByText('fatal: disk is full')).toBeVisible()
  await expect(page.getByRole('status', { name: 'Log' })).toHaveText('60,001 lines')
  await page.keyboard.press('/')
  await page.keyboard.type('LATER 1')
  const hits = page.getByRole('status', { name: 'Hits' })
  await expect(hits).toHaveText('1 of 11,111 hits')
  await page.keyboard.press('Shift+Enter')
  await expect(hits).toHaveText('11,111 of 11,111 hits')
  await expect(log.getByText('later 19999')).toBeVisible()
  await page.getByRole('button', { name: 'stderr' }).click()
  await expect(page.getByRole('status', { name: 'Log' })).toHaveText('1 line of stderr')
  await expect(hits).toHaveText('0 hits')
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('Copied 1 line')
})

test('a log that is written is followed to its end, until one scrolls away', async ({ open, workspace }) => {
  const command = 'seq 1 500; touch in; tail -n +1 -f in & while ! test -f go; do sleep 0.05; done; kill $!'
  const going = rundesk([
    'start',
    await writeWorkflow(workspace, 'live', [{ name: 'stream', command }]),
    '-w',
    workspace,
  ])
  const { page } = await open()
  await page.getByRole('option', { name: /Running live/ }).click()
  await page.getByRole('tab', { name: 'Log' }).click()
  const log = page.getByRole('region', { name: 'Log of stream' })
  await expect(log.getByText('500', { exact: true })).toBeVisible()
  await appendFile(join(workspace, 'in'), 'fresh words\n')
  await expect(log.getByText('fresh words')).toBeVisible()
  await log.focus()
  await page.keyboard.press('Home')
  await expect(page.getByRole('button', { name: 'Follow' })).toHaveAttribute('aria-pressed', 'false')
  await appendFile(join(workspace, 'in'), 'more words\n')
  await expect(page.getByRole('status', { name: 'Log' })).toHaveText('502 lines')
  await expect(log.getByText('more words')).toHaveCount(0)
  await page.keyboard.press(' ')
  await expect(log.getByText('1', { exact: true })).toHaveCount(0)
  await page.keyboard.press('f')
  await expect(log.getByText('more words')).toBeVisible()
  await appendFile(join(workspace, 'go'), '')
  await expect(page.getByRole('button', { name: 'Follow' })).toHaveCount(0)
  expect((await going).code).toBe(0)
})
