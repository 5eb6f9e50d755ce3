import { appendFile, chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { type Opened, rundesk, runLine, test, writeWorkflow } from './open'

const rows = async (store: string): Promise<readonly { kind: string; row: Record<string, unknown> }[]> =>
  (await readFile(store, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

/** Fails a run by the command line, as another process. */
async function failedRun(workspace: string): Promise<string> {
  const file = await writeWorkflow(workspace, 'sync', [
    { name: 'one', command: 'echo one >> ran' },
    { name: 'two', dependsOn: ['one'], command: 'test -f go && echo two >> ran' },
  ])
  const { json } = await rundesk(['start', file, '-w', workspace])
  return (json as { id: string }).id
}

async function openRun({ page }: Opened, name: RegExp): Promise<void> {
  await page.getByRole('option', { name }).first().click()
}

test('a line that another process appends shows within a second', async ({ open }) => {
  const opened = await open()
  await expect(opened.page.getByText('No runs yet')).toBeVisible()
  await writeFile(opened.store, runLine({}))
  await expect(opened.page.getByRole('option', { name: /Completed written-elsewhere/ })).toBeVisible()
  await appendFile(opened.store, runLine({ status: 'failed', error: 'broke' }))
  await expect(opened.page.getByRole('option', { name: /Failed written-elsewhere/ })).toBeVisible()
})

test('a failed run is resumed to its completion', async ({ open, workspace }) => {
  const id = await failedRun(workspace)
  await writeFile(join(workspace, 'go'), '')
  const opened = await open()
  await openRun(opened, /Failed sync/)
  await opened.page.getByRole('button', { name: 'Resume' }).click()
  await expect(opened.page.getByRole('option', { name: /Completed sync/ })).toBeVisible()
  const last = (await rows(opened.store)).at(-1)
  expect([last?.row.id, last?.row.status, await readFile(join(workspace, 'ran'), 'utf8')]).toEqual([
    id,
    'completed',
    'one\ntwo\n',
  ])
})

test('a running run is cancelled, with its processes', async ({ open, workspace }) => {
  const file = await writeWorkflow(workspace, 'long', [
    { name: 'wait', command: "sh -c 'sleep 300 & echo $! > pid; wait'" },
  ])
  const going = rundesk(['start', file, '-w', workspace])
  const opened = await open()
  await openRun(opened, /Running long/)
  await expect.poll(() => readFile(join(workspace, 'pid'), 'utf8').catch(() => '')).not.toBe('')
  const pid = (await readFile(join(workspace, 'pid'), 'utf8')).trim()
  await opened.page.getByRole('button', { name: 'Cancel run' }).click()
  const dialog = opened.page.getByRole('dialog', { name: 'Cancel this run?' })
  await expect(dialog.getByRole('button', { name: 'Keep as it is' })).toBeFocused()
  await dialog.getByRole('button', { name: 'Cancel run' }).click()
  await expect(opened.page.getByRole('option', { name: /Cancelled long/ })).toBeVisible()
  await expect(opened.page.getByRole('status', { name: 'Messages' })).toContainText('Cancelled long.')
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
  expect([/\) [ZX]/.test(state), (await going).code]).toEqual([true, 1])
})

test('a damaged line shows as a problem with its number', async ({ open }) => {
  const opened = await open()
  await writeFile(opened.store, `${runLine({})}{"kind":"run","row":{"id\n`)
  await opened.page
    .getByRole('link', { name: /Problems/ })
    .first()
    .click()
  await expect(opened.page.getByText('workflow-runs.jsonl:2')).toBeVisible()
})

test('a read-only store shows what is not saved, and recovers', async ({ open, workspace }) => {
  const file = await writeWorkflow(workspace, 'slow', [
    { name: 'one', command: 'while ! test -f go; do sleep 0.05; done' },
    { name: 'two', dependsOn: ['one'], command: 'true' },
  ])
  await rundesk([
    'start',
    await writeWorkflow(workspace, 'once', [
      { name: 'one', command: 'test -f again && while ! test -f go; do sleep 0.05; done' },
    ]),
    '-w',
    workspace,
  ])
  expect(file).toContain('slow')
  await writeFile(join(workspace, 'again'), '')
  const opened = await open()
  await openRun(opened, /Failed once/)
  await opened.page.getByRole('button', { name: 'Resume' }).click()
  await expect(opened.page.getByRole('option', { name: /Running once/ })).toBeVisible()
  await appendFile(opened.store, runLine({ id: 'f'.repeat(24), workflowName: 'other', status: 'failed' }))
  await expect(opened.page.getByRole('option', { name: /Failed other/ })).toBeVisible()
  await chmod(opened.store, 0o444)
  await writeFile(join(workspace, 'go'), '')
  await expect(opened.page.getByRole('alert')).toContainText('not saved')
  await expect(opened.page.getByRole('option', { name: /Completed Not saved once/ })).toBeVisible()
  await opened.page.keyboard.press('Escape')
  await opened.page.getByRole('link', { name: 'Overview' }).first().click()
  await opened.page.getByRole('link', { name: /Unsaved rows/ }).click()
  await expect(opened.page.getByRole('button', { name: 'Remove the filter Not saved' })).toBeVisible()
  await expect(opened.page.getByRole('option')).toHaveText([/Completed.*Not saved.*once/])
  await chmod(opened.store, 0o644)
  await expect(opened.page.getByRole('alert')).toHaveCount(0)
  expect((await rows(opened.store)).at(-1)?.row.status).toBe('completed')
})

test('everything is reached by keyboard', async ({ open, workspace }) => {
  await failedRun(workspace)
  const { page } = await open()
  await expect(page.getByRole('option', { name: /Failed sync/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Run sync' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'Run sync' })).toHaveCount(0)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await expect(page.getByRole('heading', { name: 'Writebacks' })).toBeVisible()
})

test('a dead letter is retried to delivered', async ({ open }) => {
  test.slow() // The practice mount gives one stalled request ten seconds before it tries again.
  const { page } = await open({ demo: true })
  await page
    .getByRole('link', { name: /Writebacks/ })
    .first()
    .click()
  await expect(page.getByRole('option', { name: /Stuck/ }).first()).toBeVisible({ timeout: 50_000 })
  await page.getByRole('button', { name: /Retry 1 writeback/ }).click()
  await expect(page.getByRole('status', { name: 'Operation' })).toContainText(/Failed.*422/, {
    timeout: 50_000,
  })
  await page.getByRole('link', { name: 'Demo controls' }).click()
  await page.getByRole('switch', { name: /HTTP 422/ }).click()
  await expect(page.getByRole('switch', { name: /HTTP 422/ })).not.toBeChecked()
  await page
    .getByRole('link', { name: /Writebacks/ })
    .first()
    .click()
  await page.getByRole('option', { name: /Stuck.*PAY-17/ }).click()
  await page
    .getByRole('button', { name: /^Retry 1 writeback/ })
    .first()
    .click()
  await expect(page.getByRole('status', { name: 'Operation' })).toContainText('1 delivered', { timeout: 50_000 })
})

test('when the app is killed its steps end, and the next start offers the run again', async ({ open, workspace }) => {
  const file = await writeWorkflow(workspace, 'long', [
    { name: 'wait', command: 'test -f go && echo $$ > pid && exec sleep 300' },
  ])
  const { json } = await rundesk(['start', file, '-w', workspace])
  expect(json).toMatchObject({ status: 'failed' })
  await writeFile(join(workspace, 'go'), '')
  const { page } = await open()
  await page.getByRole('option').first().click()
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect.poll(() => readFile(join(workspace, 'pid'), 'utf8').catch(() => '')).toMatch(/\d+/)
  const step = Number(await readFile(join(workspace, 'pid'), 'utf8'))
  const leases = join(workspace, '.agent-relay', 'rundesk', 'leases')
  const [lease] = (await readdir(leases)).filter((name) => name.endsWith('.json'))
  const { pid } = JSON.parse(await readFile(join(leases, lease ?? ''), 'utf8'))
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => isAlive(step), { timeout: 20_000 }).toBe(false)
  const again = await open()
  await expect(again.page.getByRole('option').first()).toContainText(`its process ${pid} ended`)
})

/** A process that ended and was not waited for is none. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) [ZX] /.test(stat)
}
