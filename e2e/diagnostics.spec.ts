import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { test } from './open'

test('what is saved is what was shown, and holds nothing of the home folder', async ({ open, workspace }) => {
  await mkdir(join(workspace, '.agent-relay'), { recursive: true })
  await writeFile(join(workspace, '.agent-relay/workflow-runs.jsonl'), '{"dear diary": \n')
  const home = dirname(workspace)
  const { page, electron } = await open({ env: { HOME: home, SOME_API_KEY: 'swordfish-9' } })
  await expect(page.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  if (electron) {
    // The menu of the system, which no page can open.
    await electron.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()
        ?.items.find(({ role }) => role === 'help')
        ?.submenu?.items.find(({ label }) => label.startsWith('Diagnostics'))
        ?.click(),
    )
  } else
    await page.evaluate(() => {
      location.hash = '#/diagnostics'
    })
  await expect(page.getByRole('heading', { name: 'Diagnostics', level: 1 })).toBeVisible()
  const shown = await page.getByRole('region', { name: 'What the file would hold' }).textContent()
  expect(JSON.parse(shown ?? '').problems).toMatchObject([{ line: 1 }])
  for (const secret of [home, 'swordfish', 'dear diary']) expect(shown).not.toContain(secret)
  expect(await accessibilityFaults(page)).toEqual([])
  const file = join(home, 'saved.json')
  if (electron) {
    // In place of the dialog of the system, which asks for a name.
    await electron.evaluate(({ session }, path) => {
      session.defaultSession.once('will-download', (_event, item) => item.setSavePath(path))
    }, file)
    await page.getByRole('button', { name: 'Save…' }).click()
  } else {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save…' }).click(),
    ])
    await download.saveAs(file)
  }
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toBe(shown)
})

test('the menu asks for newer versions, and shows where it is told that a checkout gets none', {
  tag: '@desktop',
}, async ({ open }) => {
  const { page, electron } = await open()
  await expect(page.getByText('No runs yet')).toBeVisible()
  await electron?.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()
      ?.items.find(({ role }) => role === 'help')
      ?.submenu?.items.find(({ label }) => label.startsWith('Check for Updates'))
      ?.click(),
  )
  await expect(page.getByRole('region', { name: 'This version' })).toContainText('started from its source')
})
