import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { runLine, test, writeWorkflow } from './open'

const failedId = 'b'.repeat(24)

test.beforeEach(({ workspace }) =>
  writeFile(
    join(workspace, '.agent-relay', 'workflow-runs.jsonl'),
    runLine({ id: 'a'.repeat(24), completedAt: new Date().toISOString() }) +
      runLine({ id: failedId, workflowName: 'sync', status: 'failed', error: 'connect ECONNREFUSED 10.0.0.7' }),
  ),
)

/** Opens the palette over the list of runs and types into it. */
async function type(page: Page, text: string): Promise<void> {
  await expect(page.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder(/Type a name/).fill(text)
}

for (const [what, text] of [
  ['the start of its id', failedId.slice(0, 8)],
  ['its name', 'sync'],
  ['its error', 'econnrefused'],
]) {
  test(`the palette finds a run by ${what}`, async ({ open }) => {
    const { page } = await open()
    await type(page, text ?? '')
    await page
      .getByRole('dialog')
      .getByRole('option', { name: /^sync bbbbbbbb ?Failed (just now|\d+ \w+ ago): connect/ })
      .click()
    await expect(page.getByRole('heading', { name: 'sync' })).toBeVisible()
  })
}

test('the palette does what the screen behind it offers, and says why not', async ({ open }) => {
  const { page } = await open()
  await page.getByRole('option', { name: /Completed/ }).click()
  await expect(page.getByRole('button', { name: 'Cancel run' })).toBeVisible()
  await type(page, 'cancel run')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText(/Cancel run: .*completed/)
})

test('the palette shows a view of the open run', async ({ open }) => {
  const { page } = await open()
  await page.getByRole('option', { name: /Failed sync/ }).click()
  await expect(page.getByRole('tab', { name: 'Raw' })).toBeVisible()
  await type(page, 'show raw')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'Raw' })).toHaveAttribute('aria-selected', 'true')
})

test('the palette begins a workflow of the folder', async ({ open, workspace }) => {
  await writeWorkflow(workspace, 'nightly', [{ name: 'one', command: 'true' }])
  const { page } = await open()
  await type(page, 'nightly')
  await page
    .getByRole('dialog')
    .getByRole('option', { name: /Start nightly\.yaml/ })
    .click()
  await expect(page).toHaveURL(/start\?file=nightly\.yaml/)
})

test('the palette and the sheet of keys have no fault that a checker finds', async ({ open }) => {
  const { page } = await open()
  await type(page, 'runs')
  const faults = await accessibilityFaults(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  expect([...faults, ...(await accessibilityFaults(page))]).toEqual([])
})
