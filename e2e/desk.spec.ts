import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { conflict, type DeskWorld, stuck, test } from './deskWorld'

const paths = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `/docs/${String(n).padStart(3, '0')}.md`)

async function writeStuck(desk: DeskWorld, count: number): Promise<void> {
  for (const path of paths(count)) await desk.write(stuck(path))
}

async function openDesk(page: Page): Promise<Locator> {
  await page
    .getByRole('link', { name: /Writebacks/ })
    .first()
    .click()
  const list = page.getByRole('listbox', { name: 'Writebacks' })
  await expect(list.getByRole('option').first()).toBeVisible()
  return list
}

test('all that match are retried as they were previewed, and each is delivered', async ({ open, desk }) => {
  await writeStuck(desk, 30)
  const { page } = await open({ env: { HOME: desk.home } })
  await openDesk(page)
  await page.keyboard.press('a')
  await expect(page.getByRole('status', { name: 'Selection' })).toHaveText('All 30 selected')
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog', { name: 'Retry writebacks' })
  await expect(dialog).toContainText('30 are sent by Rundesk')
  await desk.write(stuck('/docs/late.md'))
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('the schema is fixed')
  await dialog.getByRole('button', { name: 'Retry 30 writebacks' }).click()
  const panel = page.getByRole('status', { name: 'Operation' })
  await expect(panel).toContainText('30 delivered')
  await panel.getByRole('link', { name: 'Open' }).click()
  await expect(page.getByText('reason: the schema is fixed')).toBeVisible()
  await page.getByRole('link', { name: 'Audit' }).click()
  await expect(page.getByRole('status', { name: 'Found' })).toHaveText('30 entries')
  expect([
    [...desk.server.applied.values()].every((times) => times === 1),
    [...desk.server.applied.keys()].sort(),
  ]).toEqual([true, paths(30)])
})

test('a canary that fails keeps the rest from being tried', async ({ open, desk }) => {
  await writeStuck(desk, 25)
  desk.server.setFault(({ route }) =>
    route === 'fs/bulk' ? { kind: 'answer', status: 422, body: { message: 'still not valid' } } : undefined,
  )
  const { page } = await open({ env: { HOME: desk.home } })
  await openDesk(page)
  await page.keyboard.press('a')
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog', { name: 'Retry writebacks' })
  await expect(dialog.getByRole('checkbox', { name: /Try one first/ })).toBeChecked()
  await dialog.getByRole('button', { name: 'Retry 25 writebacks' }).click()
  const panel = page.getByRole('status', { name: 'Operation' })
  await expect(panel).toContainText('1 failed')
  await expect(panel).toContainText('24 skipped')
  await expect(panel).toContainText('nothing else was tried')
  expect(desk.server.calls.filter(({ route }) => route === 'fs/bulk').map(({ path }) => path)).toEqual([paths(1)[0]])
})

test('what was dismissed comes back by Undo, and from the trash', async ({ open, desk }) => {
  await writeStuck(desk, 3)
  const letters = join(desk.mountDir, '.relay', 'dead-letter')
  const { page } = await open({ env: { HOME: desk.home } })
  await openDesk(page)
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+J')
  await page.keyboard.press('d')
  const messages = page.getByRole('status', { name: 'Messages' })
  await expect(messages).toContainText('Dismissed 2 writebacks.')
  expect(await readdir(letters)).toHaveLength(1)
  await messages.getByRole('button', { name: 'Undo' }).click()
  await expect(messages).toContainText('Restored 2 writebacks.')
  expect(await readdir(letters)).toHaveLength(3)
  // Until the list has seen what came back, it is refused as changed.
  await expect(async () => {
    await page.keyboard.press('d')
    await expect(messages).toContainText('Dismissed 1 writeback.', { timeout: 1_000 })
  }).toPass()
  await page.getByRole('link', { name: 'Trash' }).click()
  await expect(page.getByText('kept for 30 days more').first()).toBeVisible()
  await page.getByRole('button', { name: 'Restore' }).first().click()
  await expect.poll(async () => (await readdir(letters)).length).toBe(3)
})

test('a file is edited, checked, compared and sent', async ({ open, desk }) => {
  const path = '/linear/issues/PAY-1.json'
  await desk.write(stuck(path, { content: '{"title": ""}' }))
  desk.server.put(path, '{"title": "Old"}')
  const { page } = await open({ env: { HOME: desk.home } })
  await openDesk(page)
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog', { name: `Edit and retry ${path}` })
  const editor = dialog.getByRole('textbox', { name: 'Content of the local file' })
  await expect(editor).toBeFocused()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('Backspace')
  const check = dialog.getByRole('status', { name: 'Check' })
  await expect(check).toContainText('Not valid JSON: line 1')
  await page.keyboard.press('Escape')
  await expect(dialog.getByRole('alert')).toContainText('What you wrote is not saved')
  await dialog.getByRole('button', { name: 'Go on writing' }).click()
  await editor.focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText('{"title": "Refund"}')
  await expect(check).toHaveText('Valid JSON')
  await dialog.getByRole('button', { name: 'Difference to the server' }).click()
  await expect(dialog.getByText('{"title": "Old"}')).toBeVisible()
  await expect(dialog.getByText('Rundesk then sends it onto rev_1')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('status', { name: 'Operation' })).toContainText('1 delivered')
  expect([desk.server.files.get(path)?.content, await readFile(join(desk.mountDir, path), 'utf8')]).toEqual([
    '{"title": "Refund"}',
    '{"title": "Refund"}',
  ])
})

test('of versions in conflict a person chooses, and nothing else is overwritten', async ({ open, desk }) => {
  const path = '/notion/roadmap.md'
  desk.server.put(path, 'theirs\n')
  await desk.write(conflict(path, { local: 'theirs\n', copy: 'mine\n' }))
  const { page } = await open({ env: { HOME: desk.home } })
  const list = await openDesk(page)
  await expect(list.getByRole('option', { name: /Conflict/ })).toBeVisible()
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog', { name: `Choose a version of ${path}` })
  await expect(dialog.getByRole('region', { name: 'Server' })).toContainText('theirs')
  desk.server.put(path, 'theirs, later\n')
  const mine = dialog.getByRole('region', { name: 'Your saved copy' })
  await mine.getByRole('button', { name: 'Send your saved copy onto rev_1' }).click()
  await expect(page.getByRole('status', { name: 'Operation' }).or(dialog.getByRole('alert'))).toContainText(
    /rev_2|moved on|newer/,
  )
  expect(desk.server.files.get(path)?.content).toBe('theirs, later\n')
  if (await dialog.isHidden()) await page.keyboard.press('e')
  await dialog.getByRole('button', { name: 'Ask the server again' }).click()
  await mine.getByRole('button', { name: 'Send your saved copy onto rev_2' }).click()
  await expect(page.getByRole('status', { name: 'Operation' }).last()).toContainText('1 delivered')
  expect([desk.server.files.get(path)?.content, await readFile(join(desk.mountDir, path), 'utf8')]).toEqual([
    'mine\n',
    'mine\n',
  ])
})

test('an operation whose process was killed waits for a person, and goes on without sending anything twice', async ({
  open,
  desk,
  workspace,
}) => {
  await writeStuck(desk, 40)
  desk.server.setFault(({ path }) => (path === paths(40)[20] ? { kind: 'hang' } : undefined))
  const cli = resolve(import.meta.dirname ?? '.', '..', 'bin', 'rundesk.mjs')
  const args = ['retry', '--all', '-w', workspace, '--data-dir', join(dirname(workspace), 'data')]
  const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, HOME: desk.home }, stdio: 'ignore' })
  await expect.poll(() => desk.server.applied.size, { timeout: 20_000 }).toBe(39)
  child.kill('SIGKILL')
  desk.server.setFault(null)
  const { page } = await open({ env: { HOME: desk.home } })
  await openDesk(page)
  const panel = page.getByRole('status', { name: 'Operation' })
  await expect(panel).toContainText('Interrupted', { timeout: 30_000 })
  await panel.getByRole('link', { name: 'Open' }).click()
  const operation = page.getByRole('region', { name: 'Operation' })
  await expect(operation.getByRole('alert')).toContainText('The process that did this is gone')
  await operation.getByRole('button', { name: 'Continue' }).click()
  await expect(operation.getByText('Done')).toBeVisible({ timeout: 30_000 })
  await expect(operation.getByRole('button', { name: /^Delivered 40/ })).toBeVisible()
  expect([desk.server.applied.size, [...desk.server.applied.values()].every((times) => times === 1)]).toEqual([
    40,
    true,
  ])
})

test('read-only shows everything and does nothing, and says why', async ({ open, desk }) => {
  await writeStuck(desk, 2)
  const { page } = await open({ env: { HOME: desk.home }, more: ['--read-only'] })
  await openDesk(page)
  await expect(page.getByText('Read-only', { exact: true })).toBeVisible()
  const retry = page.getByRole('button', { name: 'Retry 1 writeback' })
  await expect(retry).toBeDisabled()
  await retry.click({ force: true })
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('started read-only')
  for (const key of ['r', 'd', 'e']) await page.keyboard.press(key)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  const letters = await readdir(join(desk.mountDir, '.relay', 'dead-letter'))
  expect([desk.server.calls.length, letters.length]).toEqual([0, 2])
})

test('a search counts exactly, and says what it looked into', async ({ open, desk }) => {
  await writeStuck(desk, 5)
  await desk.write(stuck('/docs/other.md', { message: 'label "urgent" is unknown' }))
  const { page } = await open({ env: { HOME: desk.home } })
  const list = await openDesk(page)
  await page.keyboard.press('/')
  await page.keyboard.type('URGENT unknown')
  await expect(page.getByRole('status', { name: 'Found' })).toHaveText(
    '1 match in the paths, messages and bodies of 6 writebacks',
  )
  await expect(list.getByRole('option')).toHaveCount(1)
  await page.reload()
  await expect(page.getByRole('searchbox')).toHaveValue('URGENT unknown')
  await expect(list.getByRole('option')).toHaveCount(1)
})

test('rows that come above do not move the one under the pointer, and the cursor stays with its item', async ({
  open,
  desk,
}) => {
  await writeStuck(desk, 60)
  const { page } = await open({ env: { HOME: desk.home } })
  const list = await openDesk(page)
  const row = list.getByRole('option', { name: /\/docs\/007\.md/ })
  await row.click()
  const before = await row.boundingBox()
  // The list learns late that it was scrolled, as it may on a busy machine.
  await page.evaluate(() => window.addEventListener('scroll', (event) => event.stopImmediatePropagation(), true))
  await desk.write(Object.assign({}, ...[1, 2, 3].map((n) => stuck(`/aaa/${n}.md`))))
  await expect(page.getByRole('status', { name: 'Selection' })).toHaveText('63 writebacks')
  await expect.poll(async () => (await row.boundingBox())?.y).toBe(before?.y)
  await expect(page.getByRole('region', { name: 'Writeback', exact: true })).toContainText('/docs/007.md')
})

test('a cause is noted and resolved, and the selection of it is exported', async ({ open, desk }) => {
  await writeStuck(desk, 3)
  await desk.write(stuck('/docs/other.md', { message: 'upstream exploded', status: 503 }))
  const { page } = await open({ env: { HOME: desk.home } })
  await openDesk(page)
  await page.getByRole('button', { name: /3 × invalid/ }).click()
  const card = page.getByRole('region', { name: 'Chosen cause' })
  await card.getByText('Notes').click()
  await card.getByRole('textbox', { name: 'New note' }).fill('waits for the schema')
  await card.getByRole('button', { name: 'Add note' }).click()
  await expect(card.getByText('waits for the schema')).toBeVisible()
  await card.getByRole('combobox').selectOption({ label: 'Resolved, until it happens again' })
  await expect(page.getByRole('button', { name: /3 × invalid/ })).toContainText('resolved')
  await card.getByRole('button', { name: 'Select all 3' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export the selection as CSV' }).click()
  const saved = await saving
  const text = await readFile(await saved.path(), 'utf8')
  expect([
    saved.suggestedFilename().endsWith('.csv'),
    text.split('\r\n').length,
    text.includes('practice-token'),
  ]).toEqual([true, 5, false])
})

test('no view of the desk, nor a dialog of it, has an accessibility fault that a checker finds', async ({
  open,
  desk,
}) => {
  await writeStuck(desk, 3)
  desk.server.put('/notion/roadmap.md', 'theirs\n')
  await desk.write(conflict('/notion/roadmap.md', { local: 'theirs\n', copy: 'mine\n' }))
  await desk.write({ '.relay/dead-letter/broken.json': '{"opId": "bro' })
  const { page } = await open({ env: { HOME: desk.home } })
  const list = await openDesk(page)
  const faults: string[] = []
  const look = async (place: string): Promise<void> => {
    faults.push(...(await accessibilityFaults(page)).map((fault) => `${place}: ${fault}`))
  }
  await page.getByRole('button', { name: /ws_desk/ }).click()
  await look('items')
  await page.getByRole('button', { name: /3 × invalid/ }).click()
  await expect(page.getByRole('region', { name: 'Chosen cause' })).toBeVisible()
  for (const tab of ['Contents', 'Attempts', 'Records', 'Command line']) {
    await page.getByRole('tab', { name: tab }).click()
    if (tab === 'Contents') await page.getByRole('button', { name: /^Show contents/ }).click()
    await look(tab)
  }
  await page.keyboard.press('e')
  await expect(page.getByRole('textbox', { name: 'Content of the local file' })).toBeVisible()
  await look('editor')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /All causes/ }).click()
  await list.getByRole('option', { name: /Conflict/ }).click()
  await page.keyboard.press('e')
  await expect(page.getByRole('button', { name: /^Send your saved copy/ })).toBeVisible()
  await look('versions')
  await page.keyboard.press('Escape')
  await page.keyboard.press('a')
  await page.keyboard.press('r')
  await expect(page.getByRole('button', { name: 'Retry 3 writebacks', exact: true })).toBeVisible()
  await look('preview')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('status', { name: 'Operation' })).toContainText('3 delivered')
  await look('panel')
  for (const view of ['Operations', 'Trash', 'Audit', 'Earlier evidence']) {
    await page.getByRole('link', { name: view }).click()
    await expect(page.getByRole('region', { name: view, exact: true })).toBeVisible()
    await look(view)
  }
  await page.getByRole('link', { name: 'Operations' }).click()
  await page.getByRole('link', { name: /Retry of 5/ }).click()
  await expect(page.getByRole('heading', { name: /Retry of 5/ })).toBeVisible()
  await look('operation')
  expect(faults).toEqual([])
})

test('a slow bulk retry is paused and goes on, and what was not begun when it is stopped is skipped', async ({
  open,
  desk,
}) => {
  await writeStuck(desk, 40)
  const { page } = await open({ env: { HOME: desk.home } })
  await openDesk(page)
  await page.keyboard.press('a')
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog', { name: 'Retry writebacks' })
  await dialog.getByRole('checkbox', { name: /Try one first/ }).uncheck()
  await dialog.getByRole('textbox', { name: 'At most so many a second' }).fill('4')
  await dialog.getByRole('button', { name: 'Retry 40 writebacks' }).click()
  await page.getByRole('status', { name: 'Operation' }).getByRole('link', { name: 'Open' }).click()
  const operation = page.getByRole('region', { name: 'Operation' })
  await operation.getByRole('button', { name: 'Pause' }).click()
  await expect(operation.getByText('Paused', { exact: true })).toBeVisible()
  await operation.getByRole('button', { name: 'Continue' }).click()
  await expect(operation.getByText('Running', { exact: true })).toBeVisible()
  await operation.getByRole('button', { name: 'Stop' }).click()
  await expect(operation.getByText('Ended', { exact: true })).toBeVisible()
  await operation.getByRole('button', { name: /^Skipped/ }).click()
  const applied = desk.server.applied.size
  await expect(operation.getByRole('button', { name: `Skipped ${40 - applied}`, exact: true })).toBeVisible()
  await expect(operation.getByRole('button', { name: `Delivered ${applied}`, exact: true })).toBeVisible()
})

test('a writeback that begins to need a person is told, and the message leads to it', async ({ open, desk }) => {
  await writeStuck(desk, 2)
  const { page } = await open({ env: { HOME: desk.home } })
  await expect(page.getByRole('option', { name: /./ }).or(page.getByText('No runs')).first()).toBeVisible()
  await expect(page.getByRole('link', { name: /Writebacks.*2/ }).first()).toBeVisible()
  await desk.write(stuck('/docs/late.md'))
  const messages = page.getByRole('status', { name: 'Messages' })
  await expect(messages).toContainText('A writeback needs you. /docs/late.md')
  await messages.getByRole('button', { name: 'Show' }).click()
  await expect(page.getByRole('listbox', { name: 'Writebacks' }).getByRole('option')).toHaveCount(3)
})
