import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { isOpen, press } from './desktopKeys'
import { marksOf, type Opened, runLine, test, writeWorkflow } from './open'
import { type PackagedApp, packagedProgram } from './packagedApp'
import { withTray } from './withTray'

const question = 'Quit Rundesk.'

/** The package, which a story of a package always has. */
function packageOf({ packaged }: Opened): PackagedApp {
  if (!packaged) throw new Error('This story is about the package')
  return packaged
}

/** A workflow whose step waits for a file `go`, started in the window. */
async function startWaiting(page: Page, workspace: string): Promise<void> {
  await writeWorkflow(workspace, 'wait', [
    { name: 'first', command: 'echo done' },
    { name: 'second', dependsOn: ['first'], command: 'echo $$ > pid; while ! test -f go; do sleep 0.05; done' },
  ])
  await expect(page.getByText('No runs yet')).toBeVisible()
  await page.keyboard.press('n')
  await page.getByRole('button', { name: 'Start wait' }).click()
  await expect.poll(() => existsSync(join(workspace, 'pid'))).toBe(true)
}

/** The status of the only run, as it stands in the file. */
async function statusOf(store: string): Promise<string> {
  const lines = (await readFile(store, 'utf8')).trim().split('\n')
  const rows = lines.map((line) => JSON.parse(line) as { kind: string; row: { status: string } })
  return rows.filter(({ kind }) => kind === 'run').at(-1)?.row.status ?? ''
}

test('a link opens in the package, and one of a second start in the window that is there', async ({
  open,
  workspace,
}) => {
  const [good, bad] = ['a'.repeat(24), 'b'.repeat(24)]
  await writeFile(
    join(workspace, '.agent-relay', 'workflow-runs.jsonl'),
    runLine({ id: good, workflowName: 'import' }) + runLine({ id: bad, workflowName: 'sync', status: 'failed' }),
  )
  const opened = await open({ more: [`rundesk://w/all/runs/${bad}?tab=Raw`] })
  await expect(opened.page.getByRole('tab', { name: 'Raw' })).toHaveAttribute('aria-selected', 'true')
  const args = ['-w', workspace, '--data-dir', join(dirname(workspace), 'data'), `rundesk://w/all/runs/${good}`]
  const second = spawn(packagedProgram(), args, { stdio: 'ignore' })
  const code = await new Promise((done) => second.on('exit', done))
  await expect(opened.page.getByRole('heading', { name: 'import' })).toBeVisible()
  expect([code, packageOf(opened).pages().length]).toEqual([0, 1])
})

test('who quits while a run goes on may think better of it, or cancel the run', async ({ open, workspace }) => {
  const opened = await open()
  const { page, store } = opened
  await startWaiting(page, workspace)
  await press('Rundesk', 'ctrl+q')
  await press(question, 'Escape')
  await expect.poll(() => isOpen(question)).toBe(false)
  await expect(page.getByRole('region', { name: 'Run wait' })).toBeVisible()
  expect(await statusOf(store)).toBe('running')
  await press('Rundesk', 'ctrl+q')
  await press(question, 'alt+c')
  expect([await packageOf(opened).ended, await statusOf(store)]).toEqual([0, 'cancelled'])
})

test('who quits while a run goes on may keep it running in the tray, and comes back to it', async ({
  open,
  workspace,
}) => {
  const opened = await open({ env: await withTray(workspace) })
  const { page, store } = opened
  await startWaiting(page, workspace)
  await press('Rundesk', 'ctrl+q')
  await press(question, 'alt+t')
  await expect.poll(() => isOpen('Rundesk')).toBe(false)
  await writeFile(join(workspace, 'go'), '')
  await expect.poll(() => statusOf(store)).toBe('completed')
  spawn(packagedProgram(), ['-w', workspace, '--data-dir', join(dirname(workspace), 'data')], { stdio: 'ignore' })
  await expect.poll(() => isOpen('Rundesk')).toBe(true)
})

test('a window whose process crashes is there again, at the place and with the filter that it showed', async ({
  open,
  workspace,
}) => {
  await writeFile(
    join(workspace, '.agent-relay', 'workflow-runs.jsonl'),
    runLine({ workflowName: 'import' }) +
      runLine({ id: 'b'.repeat(24), workflowName: 'sync', status: 'failed', error: 'HTTP 500' }) +
      runLine({ id: 'c'.repeat(24), workflowName: 'push', status: 'failed', error: 'HTTP 500' }),
  )
  const opened = await open()
  await opened.page.getByRole('button', { name: /^Failed/ }).click()
  await opened.page.getByRole('searchbox', { name: 'Search runs' }).fill('sync')
  await opened.page.getByRole('option', { name: /Failed sync/ }).click()
  await opened.page.getByRole('tab', { name: 'Raw' }).click()
  const app = packageOf(opened).process.pid ?? 0
  const old = await pageProcess(app)
  process.kill(old, 'SIGKILL')
  await expect.poll(async () => [0, old].includes(await pageProcess(app))).toBe(false)
  const page = await packageOf(opened).reconnect()
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('crashed')
  await expect(page.getByRole('tab', { name: 'Raw' })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('searchbox', { name: 'Search runs' })).toHaveValue('sync')
  await expect(page.getByRole('option')).toHaveText([/sync/])
})

test('after a crash of the app the next start tells what was lost and what was not', async ({ open, workspace }) => {
  const first = await open()
  await startWaiting(first.page, workspace)
  await expect.poll(() => marksOf(workspace)).toMatchObject([{ runs: [{ workflowName: 'wait' }] }])
  packageOf(first).process.kill('SIGKILL')
  await packageOf(first).ended
  const { page } = await open()
  const dialog = page.getByRole('dialog', { name: 'Rundesk did not close by itself' })
  await expect(dialog).toContainText('1 run was cut off')
  await dialog.getByRole('link', { name: /wait/ }).click()
  await expect(dialog).toBeHidden()
  await writeFile(join(workspace, 'go'), '')
  await page.getByRole('button', { name: /^Resume/ }).click()
  await expect(page.getByRole('region', { name: 'Run wait' }).getByText('Completed').first()).toBeVisible()
})

/** The process of the package's page; 0 while there is none. */
async function pageProcess(parent: number): Promise<number> {
  for (const name of await readdir('/proc')) {
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (line.includes('--type=renderer') && (await isBelow(Number(name), parent))) return Number(name)
  }
  return 0
}

async function isBelow(pid: number, ancestor: number): Promise<boolean> {
  for (let at = pid; at > 1; ) {
    if (at === ancestor) return true
    const stat = await readFile(`/proc/${at}/stat`, 'utf8').catch(() => '')
    at = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
  }
  return false
}
