import { expect, type Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { rundesk, test, writeWorkflow } from './open'

const put = (state: object): string => `echo '${JSON.stringify(state)}' > $RUNDESK_STATE`

async function openRun({ page }: { readonly page: Page }): Promise<void> {
  await page.getByRole('option', { name: /Failed import/ }).click()
}

test.beforeEach(async ({ workspace }) => {
  const file = await writeWorkflow(workspace, 'import', [
    { name: 'read', command: put({ rows: 12, source: 'a.csv' }) },
    { name: 'clean', dependsOn: ['read'], command: put({ rows: 11, cleaned: true }) },
    { name: 'check', dependsOn: ['read'], command: 'true' },
    { name: 'write', dependsOn: ['clean', 'check'], command: 'echo "no such table" >&2; exit 4' },
  ])
  await rundesk(['start', file, '-w', workspace])
})

test('a box of the graph opens its step, by pointer and by arrow keys', async ({ open }) => {
  const { page } = await open()
  await openRun({ page })
  await page.getByRole('tab', { name: 'Graph' }).click()
  const graph = page.getByRole('region', { name: 'Graph of the steps' })
  await graph.getByRole('button', { name: 'Completed clean' }).click()
  await expect(page.getByRole('region', { name: 'Step clean' })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(graph.getByRole('button', { name: 'Failed write' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Step write' })).toContainText('no such table')
  await expect(graph.getByRole('list').getByRole('listitem')).toHaveText([
    'read: Completed',
    'clean: Completed, after read',
    'check: Completed, after read',
    'write: Failed, after clean, check',
  ])
})

test('what a step changed of the state is shown key by key', async ({ open }) => {
  const { page } = await open()
  await openRun({ page })
  await page.getByRole('tab', { name: 'State' }).click()
  await page.getByRole('combobox', { name: 'Step' }).selectOption({ label: 'clean (completed)' })
  const changes = page.getByRole('region', { name: 'What the step changed' })
  await expect(changes.getByRole('region', { name: 'Added cleaned' })).toContainText('added: true')
  await expect(changes.getByRole('region', { name: 'Changed rows' })).toContainText(/removed: 12.*added: 11/)
  await expect(changes.getByRole('region', { name: 'Removed source' })).toContainText('removed: "a.csv"')
})

test('no view of a run, nor what starts one, has an accessibility fault that a checker finds', async ({ open }) => {
  const { page } = await open()
  await openRun({ page })
  const faults: string[] = []
  for (const tab of ['Timeline', 'Graph', 'Log', 'State', 'Raw', 'History']) {
    await page.getByRole('tab', { name: tab }).click()
    await expect(page.getByRole('tabpanel', { name: tab })).toBeVisible()
    faults.push(...(await accessibilityFaults(page)))
  }
  await page.getByRole('button', { name: 'Re-run…' }).click()
  await expect(page.getByRole('list', { name: 'What will run' })).toBeVisible()
  faults.push(...(await accessibilityFaults(page)))
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  await expect(page.getByRole('button', { name: 'Start import' })).toBeEnabled()
  faults.push(...(await accessibilityFaults(page)))
  expect(faults).toEqual([])
})

test('how many steps run at once on this machine is set by the keyboard, and emptied again', async ({ open }) => {
  const { page } = await open()
  await expect(page.getByRole('link', { name: /Runs/ }).first()).toBeVisible()
  const openSettings = async (section: string): Promise<void> => {
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
    await page.keyboard.type(`settings ${section}`)
    await page.keyboard.press('Enter')
  }
  const field = page.getByRole('spinbutton', { name: /steps of all runs at once/ })
  await openSettings('runs')
  await expect(field).toHaveValue('')
  await field.fill('3')
  await field.press('Tab')
  await openSettings('look')
  await openSettings('runs')
  await expect(field).toHaveValue('3')
  expect(await accessibilityFaults(page)).toEqual([])
  await field.fill('')
  await field.press('Tab')
  await openSettings('look')
  await openSettings('runs')
  await expect(field).toHaveValue('')
})

test('the published runner is a choice where both can run a workflow, and is told when it is not installed', async ({
  open,
}) => {
  const { page } = await open()
  await expect(page.getByRole('option', { name: /Failed import/ })).toBeVisible()
  await page.keyboard.press('n')
  const plan = page.getByRole('form', { name: 'Start import' })
  await plan.getByRole('radio', { name: 'Rundesk’s own' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(plan.getByRole('radio', { name: 'The published one' })).toBeChecked()
  await expect(plan).toContainText('knows nothing of Rundesk’s own keys')
  expect(await accessibilityFaults(page)).toEqual([])
  await plan.getByRole('button', { name: 'Start import' }).click()
  await expect(plan.getByRole('alert')).toContainText('The published runner is not installed')
})

test('a re-run asks which runner is to run it', async ({ open }) => {
  const { page } = await open()
  await openRun({ page })
  await page.getByRole('button', { name: 'Re-run…' }).click()
  const dialog = page.getByRole('dialog', { name: /Run main again|again/ })
  await dialog.getByRole('radio', { name: 'The published one' }).check()
  await dialog.getByRole('button', { name: /^Run \d steps?$/ }).click()
  await expect(dialog.getByRole('alert')).toContainText('The published runner is not installed')
})

test('a dense graph is laid out beside the window, under its policy', async ({ open, workspace }) => {
  const names = (wave: number): string[] => Array.from({ length: 12 }, (_, index) => `s${wave}-${index}`)
  const steps = [0, 1, 2, 3].flatMap((wave) =>
    names(wave).map((name) => ({ name, command: 'true', dependsOn: wave === 0 ? [] : names(wave - 1) })),
  )
  await rundesk(['start', await writeWorkflow(workspace, 'dense', steps), '-w', workspace])
  const { page } = await open()
  const refusals: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/.test(message.text())) refusals.push(message.text())
  })
  await page.getByRole('option', { name: /Completed dense/ }).click()
  const started = page.waitForEvent('worker')
  await page.getByRole('tab', { name: 'Graph' }).click()
  expect((await started).url()).toContain('graphLayoutWorker')
  const graph = page.getByRole('region', { name: 'Graph of the steps' })
  await expect(graph.getByRole('button', { name: /^Completed s/ })).toHaveCount(48)
  await expect(graph.getByRole('list').getByRole('listitem')).toHaveCount(48)
  expect(refusals).toEqual([])
})
