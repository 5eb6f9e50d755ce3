import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { runLine, test } from './open'

test('space previews the run under the cursor, and the divider stays where the keys put it', async ({ open }) => {
  const { page, store } = await open()
  for (const id of ['a', 'b']) await appendFile(store, runLine({ id: id.repeat(24), workflowName: `flow-${id}` }))
  await expect(page.getByRole('option').filter({ hasText: 'flow-b' })).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press(' ')
  await expect(page.getByRole('heading', { name: /flow-[ab]/ })).toBeVisible()
  const divider = page.getByRole('separator', { name: 'Divider of runs' })
  const before = Number(await divider.getAttribute('aria-valuenow'))
  await divider.focus()
  await page.keyboard.press('ArrowDown')
  await expect(divider).toHaveAttribute('aria-valuenow', String(before + 5))
  await page.keyboard.press('Escape')
  await expect(divider).toBeHidden()
  await page.reload()
  await page.getByRole('option').first().click()
  await expect(divider).toHaveAttribute('aria-valuenow', String(before + 5))
})

test('a thousand writebacks can be looked through to the last', async ({ open, workspace }) => {
  const letters = join(workspace, '.relay', 'dead-letter')
  await mkdir(letters, { recursive: true })
  await writeFile(join(workspace, '.relay', 'state.json'), JSON.stringify({ workspaceId: 'ws', remoteRoot: '/' }))
  for (let index = 0; index < 1_000; index++) {
    const number = String(index).padStart(4, '0')
    const letter = {
      opId: `op_${number}`,
      path: `/docs/${number}.md`,
      attempts: 1,
      lastStatus: 422,
      lastBody: 'not valid',
    }
    const ts = new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString()
    await writeFile(join(letters, `op_${number}.json`), JSON.stringify({ ...letter, ts }))
  }
  const { page } = await open()
  await page
    .getByRole('link', { name: /Writebacks/ })
    .first()
    .click()
  await expect(page.getByText('1,000 undelivered writebacks')).toBeVisible()
  const list = page.getByRole('listbox', { name: 'Writebacks' })
  await list.evaluate((element) => element.parentElement?.scrollTo(0, element.scrollHeight))
  await expect(list.getByText('/docs/0999.md')).toBeVisible()
})

test('the palette takes what is typed, and goes there', async ({ open }) => {
  const { page } = await open()
  await expect(page.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('settings')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
})
