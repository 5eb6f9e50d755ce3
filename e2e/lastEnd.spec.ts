import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { chromium, expect, type Page } from '@playwright/test'
import { WebSocket } from 'ws'
import { isProcessAlive } from '../electron/files/processIdentity'
import { isOpen, press } from './desktopKeys'
import { environment, marksOf, required, test, writeWorkflow } from './open'
import { openPackaged } from './packagedApp'

const root = resolve(import.meta.dirname ?? '.', '..')
const title = 'Rundesk did not close by itself'
const question = 'Quit Rundesk.'
const toldToEnd = 'Rundesk, which executed it, was told to end (SIGTERM, as at a logout).'

test('an error that nothing caught ends Rundesk, and the next start names it, once', async ({ open, workspace }) => {
  const { page, electron } = await open()
  await expect(page.getByText('No runs yet')).toBeVisible()
  const ended = new Promise<number | null>((done) => electron?.process().once('exit', done))
  await electron?.evaluate(() => {
    setTimeout(() => {
      throw new Error('the sky fell')
    }, 100)
  })
  expect(await ended).toBe(70)
  const again = await open()
  const dialog = again.page.getByRole('dialog', { name: title })
  await expect(dialog).toContainText('the sky fell')
  await expect(dialog).toContainText('no run of it was cut off')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await again.page.reload()
  await expect(again.page.getByText('No runs yet')).toBeVisible()
  await expect(dialog).toBeHidden()
  await again.electron?.close()
  expect(await marksOf(workspace)).toEqual([])
})

test('after an error that nothing caught Rundesk starts again by itself, and tells which run was cut off', async ({
  workspace,
  closers,
}) => {
  const dataDir = join(dirname(workspace), 'data')
  const portFile = join(dataDir, 'chromium', 'DevToolsActivePort')
  await writeWorkflow(workspace, 'wait', [{ name: 'one', command: 'echo $$ > pid; sleep 300 & wait' }])
  let said = ''
  const {
    page,
    process: first,
    ended,
  } = await openPackaged({
    program: required('RUNDESK_TEST_ELECTRON'),
    args: [root, '-w', workspace, '--data-dir', dataDir, '--inspect=0'],
    env: environment(),
    onOutput: (text) => {
      said += text
    },
    closers,
  })
  await expect(page.getByText('No runs yet')).toBeVisible()
  await page.keyboard.press('n')
  await page.getByRole('button', { name: 'Start wait' }).click()
  await expect.poll(() => existsSync(join(workspace, 'pid'))).toBe(true)
  await expect.poll(() => marksOf(workspace)).toMatchObject([{ runs: [{ workflowName: 'wait' }] }])
  await rm(portFile)
  // One that fails in its first minute would fail again and again, and does not start again.
  const main = /Debugger listening on (ws:\S+)/.exec(said)?.[1] ?? ''
  await evaluateIn(main, `process.uptime = () => 61; setTimeout(() => { throw new Error('the sky fell') })`)
  expect(await ended).toBe(70)

  const others = async () => (await marksOf(workspace)).filter((mark) => mark.pid !== first.pid)
  await expect.poll(others).toHaveLength(1)
  const pid = (await others())[0]?.pid ?? 0
  closers.push(async () => {
    if (isProcessAlive(pid)) process.kill(pid, 'SIGTERM')
    await expect.poll(() => isProcessAlive(pid)).toBe(false)
  })
  const [port] = (await readFile(portFile, 'utf8')).split('\n')
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  closers.push(() => browser.close())
  const again = browser.contexts()[0]?.pages()[0] ?? (await browser.contexts()[0]?.waitForEvent('page'))
  const dialog = again?.getByRole('dialog', { name: title })
  if (!dialog) throw new Error('There is no window')
  await expect(dialog).toContainText('the sky fell')
  await expect(dialog).toContainText('wait')
  const step = Number(await readFile(join(workspace, 'pid'), 'utf8'))
  await expect.poll(() => isProcessAlive(step)).toBe(false)
})

test('a promise that fails while nobody waits for it is noted in the log, and Rundesk goes on', async ({
  open,
  workspace,
}) => {
  const { page, electron } = await open()
  await electron?.evaluate(() => {
    void Promise.reject(new Error('the moon fell'))
  })
  const log = join(dirname(workspace), 'data', 'logs', 'rundesk.log')
  await expect.poll(() => readFile(log, 'utf8')).toContain('the moon fell')
  await page.reload()
  await expect(page.getByText('No runs yet')).toBeVisible()
})

test('Rundesk that cannot start says why, ends, and leaves nothing to be explained by the next start', async ({
  workspace,
  closers,
}) => {
  const dataDir = join(dirname(workspace), 'data')
  const args = [root, '-w', join(workspace, 'gone'), '--data-dir', dataDir]
  const child = spawn(required('RUNDESK_TEST_ELECTRON'), args, {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  closers.push(async () => child.kill('SIGKILL'))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  await press('Rundesk cannot start', 'Return')
  expect([await ended, await marksOf(workspace)]).toEqual([1, []])
  expect(said).toContain(`rundesk: ${join(workspace, 'gone')} does not exist.`)
})

test('SIGTERM ends Rundesk also while it asks whether to quit, and the history of the cancelled run tells why', async ({
  open,
  workspace,
  closers,
}) => {
  const { child, ended } = await startWaiting({ workspace, closers, command: 'sleep 300 & wait' })
  await press('Rundesk', 'ctrl+q')
  await expect.poll(() => isOpen(question)).toBe(true)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  const { page } = await open()
  await showHistory(page)
  await expect(page.getByRole('list', { name: 'History' })).toContainText(toldToEnd)
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('a second SIGTERM ends Rundesk at once, nothing of its run survives, and the next start tells it', async ({
  open,
  workspace,
  closers,
}) => {
  const command = 'trap "" TERM; echo $$ > pid; while :; do sleep 0.1; done'
  const { child, ended, said } = await startWaiting({ workspace, closers, command })
  await expect.poll(() => existsSync(join(workspace, 'pid'))).toBe(true)
  const step = Number(await readFile(join(workspace, 'pid'), 'utf8'))
  child.kill('SIGTERM')
  await expect.poll(said).toContain('rundesk: ending what it executes: wait (')
  await wait(1_100) // Within a second it would be the same press. A third one would kill what is ending already.
  child.kill('SIGTERM')
  expect(await ended).toBe(143)
  expect(said()).toContain('rundesk: ended at once. What it executed is ended behind it: wait (')
  await expect.poll(() => isProcessAlive(step)).toBe(false)
  const { page } = await open()
  const dialog = page.getByRole('dialog', { name: title })
  await expect(dialog).toContainText('was interrupted twice, and ended at once')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await showHistory(page)
  await expect(page.getByRole('list', { name: 'History' })).toContainText(toldToEnd)
})

/** Starts Rundesk as a person does, without a driver, and in it a workflow of one step. */
async function startWaiting({
  workspace,
  closers,
  command,
}: {
  readonly workspace: string
  readonly closers: (() => Promise<unknown>)[]
  readonly command: string
}) {
  await writeWorkflow(workspace, 'wait', [{ name: 'one', command }])
  let said = ''
  const opened = await openPackaged({
    program: required('RUNDESK_TEST_ELECTRON'),
    args: [root, '-w', workspace, '--data-dir', join(dirname(workspace), 'data')],
    env: environment(),
    onOutput: (text) => {
      said += text
    },
    closers,
  })
  await expect(opened.page.getByText('No runs yet')).toBeVisible()
  await opened.page.keyboard.press('n')
  await opened.page.getByRole('button', { name: 'Start wait' }).click()
  await expect.poll(() => marksOf(workspace)).toMatchObject([{ runs: [{ workflowName: 'wait' }] }])
  await expect(opened.page.getByRole('region', { name: 'Run wait' }).getByText('Running').first()).toBeVisible()
  return { child: opened.process, ended: opened.ended, said: () => said }
}

async function showHistory(page: Page): Promise<void> {
  await page.getByRole('option', { name: /Cancelled wait/ }).click()
  await page.getByRole('tab', { name: 'History' }).click()
}

/** Evaluates in the main process, over its debugger. */
async function evaluateIn(address: string, expression: string): Promise<void> {
  const socket = new WebSocket(address)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const answered = new Promise((resolve) => socket.once('message', resolve))
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }))
  await answered
  socket.close()
}
