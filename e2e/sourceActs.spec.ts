import { expect, type Page } from '@playwright/test'
import { act, addSource, openRun, runsOf, test } from './dbosWorld'

const run = (page: Page, name: string) => page.getByRole('region', { name: `Run ${name}` })
const refusal = 'DBOS does not resume a run that failed'

test('a failed run goes on from the step that failed, as a fork and in itself, and no step before it runs again', async ({
  dbos,
}) => {
  const worker = await dbos.worker()
  worker.setFaults('transform')
  await worker.start('pipeline', 'bad')
  await dbos.until('bad', 'ERROR')
  worker.setFaults()
  const { page } = await dbos.open()
  await addSource(page)
  await openRun(page, /Failed\s*pipeline/)
  const failed = run(page, 'pipeline')
  await expect(failed.getByRole('region', { name: 'Error of transform' })).toContainText('HTTP 422')
  await expect(failed.getByRole('button', { name: 'Resume' })).toHaveAccessibleDescription(new RegExp(refusal))

  await failed.getByRole('button', { name: 'Fork…' }).click()
  const fork = page.getByRole('dialog', { name: 'Fork pipeline from a step' })
  await expect(fork.getByRole('list', { name: 'What becomes of each step' })).toContainText(
    /fetch\s*kept.*transform\s*runs/,
  )
  await fork.getByRole('button', { name: 'Fork the run' }).click()
  await fork.getByRole('link', { name: 'Open the new run' }).click()
  await expect(failed.getByRole('link', { name: 'bad' })).toBeVisible()
  const forked = await dbos.postgres.sql(
    dbos.database,
    "select workflow_uuid from dbos.workflow_status where forked_from = 'bad'",
  )
  await dbos.until(forked, 'SUCCESS')
  await expect(failed.getByRole('option')).toHaveCount(3)
  expect(['fetch', 'transform', 'publish'].map((step) => worker.timesRan(forked, step))).toEqual([0, 1, 1])

  await failed.getByRole('link', { name: 'bad' }).click()
  await act(page, { press: 'Rewind…', title: 'Rewind pipeline to a step', confirm: true, act: 'Rewind the run' })
  await dbos.until('bad', 'SUCCESS')
  await expect(failed.getByRole('option', { name: /publish/ })).toBeVisible()
  expect(['fetch', 'transform', 'publish'].map((step) => worker.timesRan('bad', step))).toEqual([1, 2, 1])
})

test('a run that is cancelled in the body of a step says that it goes on to its end; a resume runs it again', async ({
  dbos,
}) => {
  const worker = await dbos.worker()
  await worker.start('longStep', 'long', { args: [600_000] })
  await expect.poll(() => worker.timesRan('long', 'long')).toBe(1)
  const { page } = await dbos.open()
  await addSource(page)
  await openRun(page, /May be running\s*longStep/)
  const dialog = await act(page, { press: 'Cancel', title: 'Cancel longStep?', act: 'Cancel the run' })
  await expect(dialog).toContainText('runs to its end')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(run(page, 'longStep').getByText('Cancelled', { exact: true })).toBeVisible()
  worker.setFaults('let-go')
  await expect.poll(() => worker.timesRan('long', 'long-end')).toBe(1)
  await expect(run(page, 'longStep').getByRole('option')).toHaveCount(1)
  await act(page, { press: 'Resume', title: 'Resume longStep?', confirm: true, act: 'Resume the run' })
  await dbos.until('long', 'SUCCESS')
  expect(['before', 'long', 'after'].map((step) => worker.timesRan('long', step))).toEqual([1, 2, 1])
})

test('dead-lettered runs are a view of their own, and are resumed together', async ({ dbos }) => {
  for (let life = 0; life < 3; life++) {
    const worker = await dbos.worker()
    if (life === 0) {
      worker.setFaults('exit')
      await worker.start('crashing', 'crash-1')
    }
    await worker.ended
  }
  const worker = await dbos.worker()
  await dbos.until('crash-1', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
  worker.setFaults()
  const { page } = await dbos.open()
  await addSource(page)
  await page.getByRole('button', { name: 'Dead-lettered' }).click()
  await expect(page.getByRole('option', { name: /Dead-lettered\s*crashing.*crash-1/ })).toBeVisible()
  await page.getByRole('button', { name: 'Resume all of these…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Resume the runs of this view' })
  await dialog.getByRole('button', { name: 'Resume 1 run' }).click()
  await expect(dialog.getByRole('status')).toHaveText('Ended: 1 done')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await dbos.until('crash-1', 'SUCCESS')
  await expect(page.getByText('Nothing is dead-lettered')).toBeVisible()
  expect(worker.timesRan('crash-1', 'before')).toBe(1)
})

test('a run of a killed worker is resumed only after a person said that its executor is gone', async ({ dbos }) => {
  const worker = await dbos.worker()
  await worker.start('longStep', 'left', { args: [60_000] })
  await expect.poll(() => worker.timesRan('left', 'long')).toBe(1)
  await worker.kill()
  const other = await dbos.worker({ executorId: 'executor-2' })
  const { page } = await dbos.open()
  await addSource(page)
  await openRun(page, /May be running\s*longStep/)
  await run(page, 'longStep').getByRole('button', { name: 'Resume' }).click()
  const dialog = page.getByRole('dialog', { name: 'Resume longStep?' })
  await expect(dialog).toContainText(/its executor executor-1 \(version v1\) lives/)
  await expect(dialog.getByRole('button', { name: 'Resume the run' })).toBeDisabled()
  await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: 'Resume the run' }).click()
  await expect(dialog.getByRole('status')).toContainText('Done.')
  await expect.poll(() => other.ranBy('left', 'long')).toEqual(['executor-1', 'executor-2'])
  expect(other.ranBy('left', 'before')).toEqual(['executor-1'])
})

test('a run that only a worker of another version takes is said to wait for it', async ({ dbos }) => {
  const first = await dbos.worker()
  await first.start('longStep', 'in-the-way', { args: [60_000], queue: 'orders' })
  await expect.poll(() => first.timesRan('in-the-way', 'long')).toBe(1)
  await first.start('pipeline', 'of-v1', { queue: 'orders' })
  await first.kill()
  await dbos.worker({ executorId: 'executor-2', version: 'v2' })
  const { page } = await dbos.open()
  await addSource(page)
  await page.getByRole('button', { name: 'Waiting for a worker' }).click()
  await expect(runsOf(page)).toHaveText([/Enqueued\s*pipeline\s*of-v1.*version v1/])
})

test('what ran is told as it is: retries as one step, children as runs, odd values as text', async ({ dbos }) => {
  const worker = await dbos.worker()
  await worker.start('flaky', 'flaky-1', { args: [9] })
  await worker.start('parent', 'family', { args: [2] })
  await worker.start('values', 'markup-1', { args: ['markup'] })
  for (const [id, status] of [['flaky-1', 'ERROR'], ['family', 'SUCCESS'], ['markup-1', 'SUCCESS']] as const) // biome-ignore format: a table
    await dbos.until(id, status)
  const { page } = await dbos.open()
  await addSource(page)
  await openRun(page, /Failed\s*flaky/)
  await expect(run(page, 'flaky').getByRole('option')).toHaveCount(1)
  await expect(run(page, 'flaky').getByRole('region', { name: 'Error of flaky' })).toContainText('maximum of 3 retries')
  expect(worker.timesRan('flaky-1', 'flaky')).toBe(3)
  await run(page, 'flaky').getByRole('tab', { name: 'Facts' }).click()
  await expect(run(page, 'flaky').getByText('Each try of a step by itself')).toBeVisible()

  await openRun(page, /Succeeded\s*values/)
  await expect(run(page, 'values').getByRole('region', { name: 'Output of markup' })).toContainText('<img src=x')
  await openRun(page, /Succeeded\s*parent/)
  await run(page, 'parent').getByRole('link', { name: 'runs it started' }).click()
  await expect(runsOf(page)).toHaveText([/family-child-1/, /family-child-0/])
})

test('a run whose code changed is resumed and told to have failed for that', async ({ dbos }) => {
  const worker = await dbos.worker()
  await worker.start('sleepy', 'nap', { args: [600_000] })
  const { page } = await dbos.open()
  await addSource(page)
  await openRun(page, /sleepy/)
  await expect(run(page, 'sleepy').getByRole('option', { name: /DBOS\.sleep/ })).toBeVisible()
  const cancel = await act(page, { press: 'Cancel', title: 'Cancel sleepy?', act: 'Cancel the run' })
  await cancel.getByRole('button', { name: 'Close' }).click()
  await worker.kill()
  const changed = await dbos.worker({ changed: true })
  const resume = await act(page, {
    press: 'Resume',
    title: 'Resume sleepy?',
    confirm: true,
    act: 'Resume the run',
  })
  await resume.getByRole('button', { name: 'Close' }).click()
  await dbos.until('nap', 'ERROR')
  await expect(
    run(page, 'sleepy')
      .getByText(/Check that your workflow is deterministic/)
      .first(),
  ).toBeVisible()
  expect(['before', 'after'].map((step) => changed.timesRan('nap', step))).toEqual([1, 0])
})

test('the server narrows the list by name, id, queue and status, and a run that succeeded shows what each step gave', async ({
  dbos,
}) => {
  const worker = await dbos.worker()
  await worker.start('pipeline', 'order-1', { queue: 'orders' })
  await dbos.until('order-1', 'SUCCESS')
  await worker.start('pipeline', 'other-1')
  await worker.start('flaky', 'flaky-1', { args: [9] })
  await dbos.until('other-1', 'SUCCESS')
  await dbos.until('flaky-1', 'ERROR')
  const { page } = await dbos.open()
  await addSource(page)
  await expect(runsOf(page)).toHaveText([/flaky-1/, /other-1/, /order-1/])
  const filters = page.getByRole('search', { name: 'Filters' })
  for (const [field, text, found] of [
    ['Workflow name', 'pipeline', [/other-1/, /order-1/]],
    ['Id begins with', 'ord', [/order-1/]],
    ['Queue', 'orders', [/order-1/]],
  ] as const) {
    await filters.getByRole('searchbox', { name: field }).fill(text)
    await expect(runsOf(page)).toHaveText([...found])
    await filters.getByRole('searchbox', { name: field }).fill('')
    await expect(runsOf(page)).toHaveCount(3)
  }
  await filters.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Failed' })
  await expect(runsOf(page)).toHaveText([/flaky-1/])
  await filters.getByRole('combobox', { name: 'Status' }).selectOption({ index: 0 })
  await openRun(page, /order-1/)
  await expect(run(page, 'pipeline').getByRole('option')).toHaveText([/fetch/, /transform/, /publish/])
  await run(page, 'pipeline')
    .getByRole('option', { name: /publish/ })
    .click()
  await expect(run(page, 'pipeline').getByRole('region', { name: 'Output of publish' })).toContainText('publish done')
})
