import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { runLine, test } from './open'

const ago = (ms: number): string => new Date(Date.now() - ms).toISOString()
const hour = 3_600_000

function line(
  number: number,
  { hours = 1, tookMs = 5_000, ...change }: Record<string, unknown> & { hours?: number; tookMs?: number } = {},
) {
  return runLine({
    id: number.toString(16).padStart(24, '0'),
    status: 'completed',
    startedAt: ago(hours * hour - number * 1_000),
    completedAt: ago(hours * hour - number * 1_000 - tookMs),
    ...change,
  })
}

const failures = [
  line(1, { hours: 3, workflowName: 'import', status: 'failed', error: 'no route to 10.0.0.7', tookMs: 90_000 }),
  line(2, { hours: 3, workflowName: 'import', status: 'failed', error: 'no route to 10.0.0.8' }),
  line(3, { hours: 2, workflowName: 'sync', status: 'failed', error: 'exit code 2' }),
  line(4, { hours: 60, workflowName: 'sync' }),
]

const rest = ['Steps', 'Duration', 'What happened']
const many = Array.from({ length: 60 }, (_, index) => line(index + 10, { hours: 5, workflowName: 'many' }))
const list = (page: Page): Locator => page.getByRole('listbox', { name: 'Runs' })
const rows = (page: Page): Locator => list(page).getByRole('option')

test('filters combine as chips, stand in the address, and are taken away one by one', async ({ open, workspace }) => {
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), failures.join(''))
  const { page } = await open()
  await expect(rows(page)).toHaveCount(4)
  await page.keyboard.press('Shift+F')
  const menu = page.getByRole('dialog', { name: 'Add a filter' })
  await menu.getByRole('checkbox', { name: /^Failed 3/ }).check()
  await menu.getByRole('button', { name: 'Duration' }).click()
  await menu.getByRole('textbox', { name: 'Longer than' }).fill('1m')
  await page.keyboard.press('Escape')
  await expect(rows(page)).toHaveCount(1)
  await page.reload()
  await expect(rows(page)).toHaveCount(1)
  await page.getByRole('button', { name: 'Remove the filter Longer than 1m' }).click()
  await expect(rows(page)).toHaveCount(3)
  await expect(page.getByRole('status', { name: 'Found' })).toHaveText('3 matches')
})

test('a press on a column sorts by it, and columns are sized and put away by keyboard', async ({ open, workspace }) => {
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), failures.join(''))
  const { page } = await open()
  const columns = page.getByRole('toolbar', { name: 'Columns' })
  await columns.getByRole('button', { name: 'Duration' }).click()
  await expect(rows(page).first()).toContainText('1m 30s')
  await expect(columns.getByRole('button', { name: 'Duration, sorted downwards' })).toBeFocused()
  const width = async (): Promise<number> =>
    (await columns.getByRole('button', { name: /^Duration/ }).boundingBox())?.width ?? 0
  const before = await width()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(width).toBeGreaterThan(before + 20)
  await page.getByRole('button', { name: 'Columns', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Steps' }).uncheck()
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(columns.getByRole('button', { name: /^Duration/ })).toBeVisible()
  await expect(columns.getByRole('button', { name: 'Steps' })).toHaveCount(0)
  await expect.poll(width).toBeGreaterThan(before + 20)
})

test('columns are dragged, or moved by keys, into another order, which stays', async ({ open, workspace }) => {
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), failures.join(''))
  const { page } = await open()
  const columns = page.getByRole('toolbar', { name: 'Columns' })
  const head = (name: string): Locator => columns.getByRole('button', { name })
  await expect(columns.getByRole('button')).toHaveText([/^Status/, /^Workflow/, 'Id', /^Started/, ...rest])
  const [from, to] = [await head('Duration').boundingBox(), await head('Workflow').boundingBox()]
  await page.mouse.move((from?.x ?? 0) + 8, (from?.y ?? 0) + 8)
  await page.mouse.down()
  await page.mouse.move((to?.x ?? 0) + 60, (to?.y ?? 0) + 8, { steps: 5 })
  await page.mouse.move((to?.x ?? 0) + 4, (to?.y ?? 0) + 8, { steps: 5 })
  await page.mouse.up()
  const dragged = [/^Status/, 'Duration', /^Workflow/, 'Id', /^Started/, 'Steps', 'What happened']
  await expect(columns.getByRole('button')).toHaveText(dragged)
  await expect(rows(page).first()).toContainText('sync')
  await head('Duration').focus()
  await page.keyboard.press('Control+Shift+ArrowRight')
  await expect(head('Duration')).toBeFocused()
  const moved = [/^Status/, /^Workflow/, 'Duration', 'Id', /^Started/, 'Steps', 'What happened']
  await expect(columns.getByRole('button')).toHaveText(moved)
  await page.reload()
  await expect(columns.getByRole('button')).toHaveText(moved)
})

test('rows stay under the pointer while runs come, which are counted and then shown', async ({ open, workspace }) => {
  const store = join(workspace, '.agent-relay', 'workflow-runs.jsonl')
  await writeFile(store, many.join(''))
  const { page } = await open()
  const row = rows(page).nth(4)
  await rows(page).nth(3).hover()
  await row.hover() // A pointer that never moved points at nothing.
  const [words, before] = [await row.textContent(), await row.boundingBox()]
  await appendFile(
    store,
    line(200, { hours: 0.01, workflowName: 'fresh' }) + line(201, { hours: 0.01, workflowName: 'fresh' }),
  )
  const news = page.getByRole('button', { name: '2 new runs' })
  await expect(news).toBeVisible()
  expect([await row.textContent(), await row.boundingBox()]).toEqual([words, before])
  await news.click()
  await expect(rows(page).first()).toContainText('fresh')
  await expect(news).toHaveCount(0)
})

test('under another order and a filter the rows stay too, and what no longer fits is told', async ({
  open,
  workspace,
}) => {
  const store = join(workspace, '.agent-relay', 'workflow-runs.jsonl')
  await writeFile(store, failures.join(''))
  const { page } = await open()
  await expect(rows(page)).toHaveCount(4)
  await page.keyboard.press('4')
  await expect(rows(page)).toHaveCount(3)
  await page.getByRole('toolbar', { name: 'Columns' }).getByRole('button', { name: 'Workflow' }).click()
  await rows(page).nth(1).hover()
  await appendFile(
    store,
    line(3, { hours: 2, workflowName: 'sync' }) + line(5, { workflowName: 'alpha', status: 'failed', error: 'new' }),
  )
  await expect(page.getByRole('button', { name: '1 new run, 1 no longer fits' })).toBeVisible()
  await expect(rows(page)).toHaveText([/import/, /import/, /Completed.*sync/])
  await page.getByRole('button', { name: '1 new run, 1 no longer fits' }).click()
  await expect(rows(page)).toHaveText([/alpha/, /import/, /import/])
})

test('a view is saved, found in the sidebar and the palette, renamed, and comes back by Undo', async ({
  open,
  workspace,
}) => {
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), failures.join(''))
  const { page } = await open()
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('button', { name: 'Slowest' }).click()
  await expect(rows(page).first()).toContainText('1m 30s')
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('import')
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('textbox', { name: /^Save what is shown/ }).fill('Slow imports')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('1')
  await page.getByRole('searchbox', { name: 'Search runs' }).fill('')
  await expect(rows(page)).toHaveCount(4)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Go to anything' })).toBeFocused()
  await page.keyboard.type('slow imports')
  await page.keyboard.press('Enter')
  await expect(rows(page)).toHaveCount(2)
  await expect(page.getByRole('link', { name: 'Slow imports' })).toHaveAttribute('aria-current', 'page')
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('button', { name: 'Rename the view Slow imports' }).click()
  await page.getByRole('textbox', { name: 'New name of Slow imports' }).fill('Long imports')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: 'Long imports' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove the view Long imports' }).click()
  await expect(page.getByRole('link', { name: 'Long imports' })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('link', { name: 'Long imports' })).toBeVisible()
})

test('a damaged file of views is told in words, and kept aside', async ({ open, workspace }) => {
  const file = join(dirname(workspace), 'data', 'views.json')
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), failures.join(''))
  const { page } = await open()
  await expect(rows(page)).toHaveCount(4)
  await writeFile(file, '{"version":1,"views":[{')
  await page.reload()
  await page.getByRole('button', { name: 'Views' }).click()
  await expect(page.getByRole('dialog', { name: 'Views' }).getByRole('alert')).toContainText('views.json is damaged')
  await page.getByRole('textbox', { name: /^Save what is shown/ }).fill('Everything')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: 'Everything' })).toBeVisible()
  expect(JSON.parse(await readFile(file, 'utf8')).views).toMatchObject([{ name: 'Everything' }])
})

test('chosen runs are cancelled after a look at each, and what came of each is told', async ({ open, workspace }) => {
  const store = join(workspace, '.agent-relay', 'workflow-runs.jsonl')
  const old = Array.from({ length: 3 }, (_, index) =>
    line(index + 300, {
      hours: 72,
      status: 'running',
      completedAt: undefined,
      updatedAt: ago(72 * hour),
      workflowName: 'stale',
    }),
  )
  await writeFile(store, [...failures, ...old].join(''))
  const { page } = await open()
  await expect(rows(page)).toHaveCount(7)
  await page.keyboard.press('5')
  await expect(rows(page)).toHaveCount(3)
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+J')
  await expect(page.getByRole('status', { name: 'Selection' })).toHaveText('2 selected')
  await page.getByRole('button', { name: 'Select all 3 matching' }).click()
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog', { name: 'Cancel runs' })
  await expect(dialog.getByRole('listitem').filter({ hasText: 'stale' })).toHaveCount(3)
  await dialog.getByRole('button', { name: 'Cancel 3 runs' }).click()
  await expect(dialog.getByRole('status', { name: 'Cancelling' })).toHaveText('Done: 3 cancelled')
  await dialog.getByRole('button', { name: 'Close' }).click()
  const ended = (await readFile(store, 'utf8')).trim().split('\n').slice(-3)
  expect(ended.map((text) => JSON.parse(text).row.status)).toEqual(['cancelled', 'cancelled', 'cancelled'])
})

test('read-only refuses to cancel chosen runs, and says why', async ({ open, workspace }) => {
  const store = join(workspace, '.agent-relay', 'workflow-runs.jsonl')
  await writeFile(store, failures.join(''))
  const { page } = await open({ more: ['--read-only'] })
  await expect(rows(page)).toHaveCount(4)
  await page.keyboard.press('a')
  const cancel = page.getByRole('button', { name: /^Cancel 4 runs/ })
  await expect(cancel).toBeDisabled()
  await page.keyboard.press('c')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(await readFile(store, 'utf8')).toBe(failures.join(''))
})

test('equal failures are counted and lead to exactly their runs, and a workflow shows how its runs went', async ({
  open,
  workspace,
}) => {
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), failures.join(''))
  const { page } = await open()
  await page.getByRole('button', { name: 'Equal failures' }).click()
  const groups = page.getByRole('list', { name: 'Equal failures' }).getByRole('link')
  await expect(groups).toHaveText([/2 ×no route to <address>/, /1 ×exit code 2/])
  await groups.first().click()
  await expect(rows(page)).toHaveText([/no route to 10.0.0.8/, /no route to 10.0.0.7/])
  await expect(page.getByRole('button', { name: 'Remove the filter Failure: no route to <address>' })).toBeVisible()
  await page.getByRole('button', { name: /^Remove the filter/ }).click()
  await page.getByRole('button', { name: 'Workflows' }).click()
  await expect(
    page.getByRole('img', { name: 'Newest 2 runs: 2 failed; took 5.0s to 1m 30s, typically 1m 30s' }),
  ).toBeVisible()
  await page.getByRole('link', { name: /^sync/ }).click()
  await expect(rows(page)).toHaveCount(2)
})

test('no part of the list of runs has an accessibility fault that a checker finds', async ({ open, workspace }) => {
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), [...failures, ...many].join(''))
  const { page } = await open()
  await expect(rows(page).first()).toBeVisible()
  const faults: string[] = []
  const look = async (place: string): Promise<void> => {
    faults.push(...(await accessibilityFaults(page)).map((fault) => `${place}: ${fault}`))
  }
  await look('list')
  await page.keyboard.press('Shift+F')
  for (const kind of ['Status', 'Workflow', 'Started', 'Duration']) {
    await page.getByRole('dialog', { name: 'Add a filter' }).getByRole('button', { name: kind, exact: true }).click()
    await look(kind)
  }
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Views' }).click()
  await look('views')
  await page.keyboard.press('Escape')
  for (const group of ['Equal failures', 'Workflows', 'Each run']) {
    await page.getByRole('button', { name: group }).click()
    await look(group)
  }
  await expect(rows(page).first()).toBeVisible()
  await page.keyboard.press('a')
  await look('selection')
  await page.keyboard.press('c')
  await expect(page.getByRole('button', { name: 'Cancel 3 runs' })).toBeVisible()
  await look('preview')
  expect(faults).toEqual([])
})
