import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { type Opened, rundesk, test, writeWorkflow } from './open'

const chain = [
  { name: 'fetch', command: 'echo fetch >> ran' },
  { name: 'push', dependsOn: ['fetch'], command: 'echo push >> ran' },
  { name: 'notify', dependsOn: ['push'], command: 'echo notify >> ran' },
]

async function openRun({ page }: Opened, name: RegExp): Promise<void> {
  await page.getByRole('option', { name }).first().click()
}

test('a workflow is started by keyboard with its variable, and runs to its end', async ({ open, workspace }) => {
  await writeWorkflow(workspace, 'greet', [{ name: 'hello', command: 'echo {{who}} > greeting' }])
  const { page } = await open()
  await expect(page.getByText('No runs yet')).toBeVisible()
  await page.keyboard.press('n')
  await expect(page.getByRole('option', { name: /greet/ })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Start greet' })).toBeDisabled()
  await page.getByRole('textbox', { name: 'who' }).fill('the world; rm x')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('region', { name: 'Run greet' }).getByText('Completed').first()).toBeVisible()
  expect(await readFile(join(workspace, 'greeting'), 'utf8')).toBe('the world; rm x\n')
})

test('who quits while a run goes on is asked, until the run has ended', { tag: '@desktop' }, async ({
  open,
  workspace,
}) => {
  await writeWorkflow(workspace, 'wait', [
    { name: 'wait', command: 'touch up; while ! test -f go; do sleep 0.05; done' },
  ])
  const { page, electron } = await open()
  await expect(page.getByText('No runs yet')).toBeVisible()
  await page.keyboard.press('n')
  await page.getByRole('button', { name: 'Start wait' }).click()
  await expect.poll(() => existsSync(join(workspace, 'up'))).toBe(true)
  const app = electron?.process()
  await electron?.evaluate((of) => of.app.quit())
  expect(app?.exitCode).toBeNull()
  await writeFile(join(workspace, 'go'), '')
  await expect.poll(() => app?.exitCode).toBe(0)
})

test('a file that is wrong tells line and column, and cannot be started', async ({ open, workspace }) => {
  await writeFile(
    join(workspace, 'wrong.yaml'),
    "version: '1.0'\nname: wrong\nswarm: {pattern: dag}\nworkflows:\n- name: wrong\n  steps:\n  - {name: a, type: deterministic, command: 'true', dependsOn: [nowhere]}\n",
  )
  const { page } = await open()
  await page.getByRole('link', { name: 'Start a workflow', exact: true }).click()
  await page.getByRole('option', { name: /wrong/ }).click()
  await expect(page.getByRole('list', { name: 'Findings' })).toContainText('wrong.yaml:7:')
  await expect(page.getByRole('button', { name: 'Start wrong' })).toBeDisabled()
})

test('a completed run is run again from a step as a new run, after a preview', async ({ open, workspace }) => {
  const file = await writeWorkflow(workspace, 'deliver', chain)
  const { json } = await rundesk(['start', file, '-w', workspace])
  const { id } = json as { id: string }
  const opened = await open()
  const { page } = opened
  await openRun(opened, /Completed deliver/)
  await page.getByRole('button', { name: 'Re-run…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run deliver again' })
  await expect(dialog.getByRole('button', { name: 'Nothing to run' })).toBeDisabled()
  await dialog.getByRole('combobox', { name: 'Run again' }).selectOption('push')
  await expect(dialog.getByRole('list', { name: 'What will run' }).getByRole('listitem')).toHaveText([
    /fetch.*Is kept/,
    /push.*Runs again: it was chosen/,
    /notify.*Runs again: it depends on push/,
  ])
  await expect(dialog.getByRole('radio', { name: 'As a new run, linked to this one' })).toBeChecked()
  await dialog.getByRole('button', { name: 'Run 2 steps' }).click()
  await expect(page.getByText(`re-run of ${id.slice(0, 8)} from “push”`)).toBeVisible()
  await expect(page.getByRole('option', { name: /Completed deliver/ })).toHaveCount(2)
  expect(await readFile(join(workspace, 'ran'), 'utf8')).toBe('fetch\npush\nnotify\npush\nnotify\n')
  await page.getByRole('link', { name: id.slice(0, 8) }).click()
  await expect(page.getByRole('region', { name: 'Run deliver' })).toContainText(id)
  await page.getByRole('tab', { name: 'History' }).click()
  await expect(page.getByRole('list', { name: 'History' })).toContainText(
    /Started by .*Re-run as \w+ from “push”: Completed/,
  )
})

test('a resume after the workflow file was changed shows the difference first', async ({ open, workspace }) => {
  const [fetch, push, notify] = chain
  const file = await writeWorkflow(workspace, 'deliver', [fetch ?? {}, { ...push, command: 'exit 1' }, notify ?? {}])
  await rundesk(['start', file, '-w', workspace])
  await writeWorkflow(workspace, 'deliver', chain)
  const opened = await open()
  const { page } = opened
  await openRun(opened, /Failed deliver/)
  await page.getByRole('button', { name: 'Resume from “push”' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run deliver again' })
  await dialog.getByRole('radio', { name: 'With the new file' }).check()
  const difference = dialog.getByRole('region', { name: 'Difference of the workflow file' })
  await expect(difference.getByText(/removed: .*exit 1/)).toBeVisible()
  await expect(difference.getByText(/added: .*echo push/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Run 2 steps' }).click()
  await expect(page.getByRole('option', { name: /Completed deliver/ })).toHaveCount(1)
  expect(await readFile(join(workspace, 'ran'), 'utf8')).toBe('fetch\npush\nnotify\n')
})

test('the time until the next attempt is shown before it comes', async ({ open, workspace }) => {
  const file = await writeWorkflow(workspace, 'flaky', [{ name: 'call', command: 'test -f go', retries: 2 }], {
    errorHandling: { strategy: 'retry', maxRetries: 2, retryDelayMs: 10_000 },
  })
  const opened = await open()
  const { page } = opened
  const going = rundesk(['start', file, '-w', workspace])
  await openRun(opened, /flaky/)
  const run = page.getByRole('region', { name: 'Run flaky' })
  await expect(run.getByText(/call: attempt 2 of 3 in \d+ s/)).toBeVisible()
  await writeFile(join(workspace, 'go'), '')
  await expect(page.getByRole('option', { name: /Completed flaky/ })).toBeVisible()
  await run.getByRole('tab', { name: 'Attempts 2' }).click()
  await expect(run.getByRole('list', { name: 'Attempts of call' }).getByRole('listitem')).toHaveText([
    /Failed/,
    /Completed/,
  ])
  expect((await going).code).toBe(0)
})

test('what a failed run completed is rolled back in reverse order, after it was shown', async ({ open, workspace }) => {
  const file = await writeWorkflow(workspace, 'book', [
    { name: 'flight', command: 'true', rollback: 'echo flight >> undone' },
    { name: 'hotel', dependsOn: ['flight'], command: 'true', rollback: 'echo hotel >> undone' },
    { name: 'pay', dependsOn: ['hotel'], command: 'exit 1' },
  ])
  await rundesk(['start', file, '-w', workspace])
  const opened = await open()
  const { page } = opened
  await openRun(opened, /Failed book/)
  await page.getByRole('button', { name: 'More acts' }).click()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Roll book back' })
  await expect(dialog.getByRole('listitem')).toHaveText([/hotel/, /flight/])
  await dialog.getByRole('button', { name: 'Roll 2 steps back' }).click()
  await expect(page.getByRole('option', { name: /flight/ })).toContainText('rolled back')
  expect(await readFile(join(workspace, 'undone'), 'utf8')).toBe('hotel\nflight\n')
})
