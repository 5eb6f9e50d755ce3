import { expect, type Locator, type Page } from '@playwright/test'
import { addSource, openRun, test } from './dbosWorld'
import type { Opened } from './open'

const option = (page: Page, name: RegExp) => page.getByRole('option', { name })

test('a server that stops in the middle is told, what was read stays, and it comes back by itself', async ({
  dbos,
}) => {
  const worker = await dbos.worker()
  await worker.start('pipeline', 'good')
  await dbos.until('good', 'SUCCESS')
  const { page } = await dbos.open()
  await addSource(page)
  await expect(option(page, /good/)).toBeVisible()
  await worker.kill()
  await dbos.postgres.stop()
  await expect(page.getByRole('alert')).toContainText(/Next try at/)
  await expect(option(page, /good/)).toBeVisible()
  await dbos.postgres.start()
  await expect(page.getByRole('alert')).toBeHidden({ timeout: 40_000 })
  await expect(page.getByRole('link', { name: 'shop Connected' })).toBeVisible()
})

test('broken connections are made again without a word, and new runs go on coming', async ({ dbos }) => {
  const worker = await dbos.worker()
  await worker.start('pipeline', 'before')
  const { page } = await dbos.open()
  await addSource(page)
  await expect(option(page, /before/)).toBeVisible()
  dbos.proxy.cut()
  await worker.start('pipeline', 'afterwards')
  await expect(option(page, /afterwards/)).toBeVisible({ timeout: 40_000 })
})

test('a server that accepts and says nothing is told in words instead of an endless wait', async ({ dbos }) => {
  await (await dbos.worker()).start('pipeline', 'good')
  dbos.proxy.stall()
  const { page } = await dbos.open()
  await addSource(page)
  await expect(page.getByRole('alert')).toContainText(/127\.0\.0\.1:\d+/, { timeout: 40_000 })
  dbos.proxy.flow()
  await page.getByRole('button', { name: 'Check again' }).click()
  await expect(option(page, /good/)).toBeVisible({ timeout: 40_000 })
})

test('without a writing connection nothing can be done, and each act says why; one is added later', async ({
  dbos,
}) => {
  const worker = await dbos.worker()
  await worker.start('sleepy', 'nap', { args: [600_000] })
  const { page } = await dbos.open()
  await addSource(page, { mayAct: false })
  await expect(page.getByText('Read only', { exact: true })).toBeVisible()
  await openRun(page, /sleepy/)
  const cancel = page.getByRole('region', { name: 'Run sleepy' }).getByRole('button', { name: 'Cancel', exact: true })
  await expect(cancel).toHaveAccessibleDescription(/writing connection/)
  await page.getByRole('button', { name: 'More for shop' }).click()
  await page.getByRole('menuitem', { name: 'Change connections…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Connections of shop' })
  await dialog.getByRole('button', { name: 'Add a connection to act with' }).click()
  await dialog.getByRole('textbox', { name: 'Environment variable' }).last().fill('WRITE_URL')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('May act', { exact: true })).toBeVisible()
  await expect(cancel).toHaveAttribute('aria-disabled', 'false')
})

test('a wrong password and a database without the tables are told by name', async ({ dbos }) => {
  await dbos.worker()
  const wrong = dbos.postgres.url('reader', dbos.database).replace(dbos.postgres.password, 'wrong-one')
  const { page } = await dbos.open({ env: { READ_URL: wrong, WRITE_URL: dbos.postgres.url('writer', 'postgres') } })
  await addSource(page, { mayAct: false })
  await expect(page.getByRole('alert')).toContainText(/password/i)
  await expect(page.getByRole('alert')).not.toContainText('wrong-one')
  await page.getByRole('button', { name: 'More for shop' }).click()
  await page.getByRole('menuitem', { name: 'Change connections…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Connections of shop' })
  await dialog.getByRole('textbox', { name: 'Environment variable' }).fill('WRITE_URL')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert')).toContainText(/dbos/)
})

test('of two windows that cancel the same run, each is told the truth', async ({ dbos }) => {
  const worker = await dbos.worker()
  await worker.start('sleepy', 'nap', { args: [600_000] })
  const dialogs = await askInTwoWindows(await dbos.open(), 'sleepy')
  const said = await cancelAtOnce(dialogs)
  expect(said.filter((text) => text?.includes('Done.'))).toHaveLength(1)
  expect(await dbos.statusOf('nap')).toBe('CANCELLED')
})

test('of two windows that cancel a run while its worker ends it, each is told the truth, and nothing runs twice', async ({
  dbos,
}) => {
  const worker = await dbos.worker()
  await worker.start('longStep', 'race', { args: [600_000] })
  await expect.poll(() => worker.timesRan('race', 'long')).toBe(1)
  const dialogs = await askInTwoWindows(await dbos.open(), 'longStep')
  worker.setFaults('let-go')
  const said = await cancelAtOnce(dialogs)
  await expect.poll(() => dbos.statusOf('race')).toMatch(/SUCCESS|CANCELLED/)
  const cancelled = (await dbos.statusOf('race')) === 'CANCELLED'
  expect(said.filter((text) => text?.includes('Done.'))).toHaveLength(cancelled ? 1 : 0)
  expect(['before', 'long'].map((step) => worker.timesRan('race', step))).toEqual([1, 1])
})

/** Opens the run in two windows, and in each the question whether to cancel it. */
async function askInTwoWindows({ page, electron }: Opened, name: string): Promise<readonly Locator[]> {
  await addSource(page)
  await openRun(page, new RegExp(name))
  const opening = electron?.waitForEvent('window')
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('combobox', { name: 'Go to anything' }).fill('new window')
  await page.keyboard.press('Enter')
  const second = await opening
  if (!second) throw new Error('There is no second window.')
  const dialogs = []
  for (const window of [page, second]) {
    const run = window.getByRole('region', { name: `Run ${name}` })
    await run.getByRole('button', { name: 'Cancel', exact: true }).click()
    const dialog = window.getByRole('dialog', { name: `Cancel ${name}?` })
    await expect(dialog.getByRole('button', { name: 'Cancel the run' })).toBeEnabled()
    dialogs.push(dialog)
  }
  return dialogs
}

/**
 * Says yes in both at once; gives what each is told. A dialog that sees the run end before its button is pressed has
 * told so by itself, and its button cannot be pressed any more.
 */
async function cancelAtOnce(dialogs: readonly Locator[]): Promise<readonly (string | null)[]> {
  return Promise.all(
    dialogs.map(async (dialog) => {
      const refused = dialog.getByRole('alert')
      const outcome = dialog.getByText(/Done\.|Nothing was done\.|Nothing to do\./)
      const press = dialog.getByRole('button', { name: 'Cancel the run' }).click()
      await Promise.race([press, refused.waitFor()])
      return outcome.or(refused).first().textContent()
    }),
  )
}
