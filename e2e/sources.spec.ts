import { expect } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { addSource, openRun, test } from './dbosWorld'

test('a person adds a source, finds its runs, and cancels one', async ({ dbos }) => {
  const worker = await dbos.worker()
  await worker.start('pipeline', 'good-1')
  await worker.start('sleepy', 'nap-1', { args: [600_000] })
  await dbos.until('good-1', 'SUCCESS')
  const { page } = await dbos.open()
  await page.getByRole('button', { name: 'Add remote source' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a remote source' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('shop')
  await dialog.getByRole('textbox', { name: 'Environment variable' }).fill('NOT_SET')
  await dialog.getByRole('button', { name: 'Check' }).click()
  await expect(dialog.getByText(/NOT_SET/)).toBeVisible()
  await dialog.getByRole('textbox', { name: 'Environment variable' }).fill('READ_URL')
  await dialog.getByRole('button', { name: 'Check' }).click()
  await expect(dialog.getByText(/It may only be read/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()

  await addSource(page)
  const runs = page.getByRole('listbox', { name: 'Runs of shop' })
  await expect(runs.getByRole('option')).toHaveText([/May be running\s*sleepy.*nap-1/, /Succeeded\s*pipeline.*good-1/])
  await openRun(page, /sleepy/)
  const run = page.getByRole('region', { name: 'Run sleepy' })
  await expect(run.getByRole('option', { name: /before/ })).toBeVisible()
  await run.getByRole('button', { name: 'Cancel', exact: true }).click()
  const ask = page.getByRole('dialog', { name: 'Cancel sleepy?' })
  await ask.getByRole('button', { name: 'Cancel the run' }).click()
  await expect(ask.getByRole('status')).toContainText('Done.')
  await ask.getByRole('button', { name: 'Close' }).click()
  await expect(runs.getByRole('option', { name: /Cancelled\s*sleepy/ })).toBeVisible()
  expect(await dbos.statusOf('nap-1')).toBe('CANCELLED')
})

test('no screen of remote runs, nor a dialog of them, has an accessibility fault that a checker finds', async ({
  dbos,
}) => {
  const worker = await dbos.worker()
  worker.setFaults('transform')
  await worker.start('pipeline', 'bad')
  await dbos.until('bad', 'ERROR')
  const { page } = await dbos.open()
  await page.getByRole('button', { name: 'Add remote source' }).click()
  const faults: string[] = []
  const look = async (place: string): Promise<void> => {
    faults.push(...(await accessibilityFaults(page)).map((fault) => `${place}: ${fault}`))
  }
  await page.getByLabel('Taken from').selectOption('server')
  await look('adding')
  await page.keyboard.press('Escape')
  await addSource(page)
  await openRun(page, /Failed\s*pipeline/)
  const run = page.getByRole('region', { name: 'Run pipeline' })
  await expect(run.getByText('HTTP 422').first()).toBeVisible()
  await look('run')
  await run.getByRole('tab', { name: 'Facts' }).click()
  await look('facts')
  await run.getByRole('button', { name: 'Rewind…' }).click()
  await expect(page.getByRole('list', { name: 'What becomes of each step' })).toBeVisible()
  await look('rewind')
  expect(faults).toEqual([])
})

test('the demo runs real workflows on a database that it makes, of every kind of end', async ({ postgres, open }) => {
  test.skip(postgres === null, 'There is no PostgreSQL.')
  const { page } = await open({ demo: true, more: ['--dbos', postgres?.url('owner', 'rundesk_demo') ?? ''] })
  await page.getByRole('link', { name: /^shop \(DBOS\)/ }).click()
  for (const name of [
    /Dead-lettered\s*import-invoices/,
    /Failed\s*sync-tickets/,
    /Succeeded\s*settlement-batch/,
    /May be running\s*refund-approval/,
    /Enqueued\s*send-mail.*demo-2/,
  ])
    await expect(page.getByRole('option', { name }).first()).toBeVisible({ timeout: 40_000 })
})
