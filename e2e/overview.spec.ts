import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { runLine, test } from './open'

const lines =
  runLine({ id: 'a'.repeat(24), completedAt: new Date().toISOString() }) +
  runLine({ id: 'b'.repeat(24), workflowName: 'sync', status: 'failed', error: 'connect ECONNREFUSED' }) +
  runLine({ id: 'c'.repeat(24), workflowName: 'backfill', status: 'running' })

test('the overview counts what needs a person, and a number leads to its list', async ({ open, workspace }) => {
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), lines)
  const { page } = await open()
  await page.getByRole('link', { name: 'Overview' }).first().click()
  await expect(page.getByRole('region', { name: 'Running now' }).getByRole('link', { name: /backfill/ })).toBeVisible()
  await page.getByRole('link', { name: '1 Failed, last 24 h' }).click()
  await expect(page.getByRole('option', { name: /Failed sync/ })).toBeVisible()
})

test('g and o lead to the overview, whose bars are walked by arrow keys', async ({ open, workspace }) => {
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), lines)
  const { page } = await open()
  await expect(page.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  const hours = page.getByRole('group', { name: /Last 24 hours/ })
  await hours.getByRole('link', { name: /3 runs: 1 completed, 1 failed, 1 running/ }).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(hours.getByRole('link', { name: /no runs/ }).last()).toBeFocused()
})

test('the bars are a table as well', async ({ open, workspace }) => {
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), lines)
  const { page } = await open()
  await page.getByRole('link', { name: 'Overview' }).first().click()
  const chart = page.getByRole('region', { name: /Last 30 days/ })
  await chart.getByRole('button', { name: 'As a table' }).click()
  await expect(chart.getByRole('columnheader')).toHaveText(['Began', 'Runs', 'Completed', 'Failed', 'Running'])
})

test('with several workspaces the overview comes first, without a fault that a checker finds', async ({
  open,
  workspace,
}) => {
  const other = join(dirname(workspace), 'docs')
  await mkdir(other)
  await writeFile(join(workspace, '.agent-relay', 'workflow-runs.jsonl'), lines)
  const { page } = await open({ more: ['-w', other] })
  await expect(page.getByRole('region', { name: 'Each workspace' })).toContainText('docs')
  expect(await accessibilityFaults(page)).toEqual([])
})

test('a bar leads to exactly the runs that it counts', async ({ open, workspace }) => {
  const earlier = new Date(Date.now() - 72 * 3_600_000).toISOString()
  const old = {
    workflowName: 'older',
    startedAt: earlier,
    createdAt: earlier,
    updatedAt: earlier,
    completedAt: earlier,
  }
  await writeFile(
    join(workspace, '.agent-relay', 'workflow-runs.jsonl'),
    lines + runLine({ id: 'd'.repeat(24), ...old }),
  )
  const { page } = await open()
  await page.getByRole('link', { name: 'Overview' }).first().click()
  const days = page.getByRole('group', { name: /Last 30 days/ })
  await days.getByRole('link', { name: /1 run: 1 completed/ }).click()
  await expect(page.getByRole('option')).toHaveText([/older/])
})
