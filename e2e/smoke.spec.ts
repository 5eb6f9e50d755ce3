import { writeFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { runLine, test } from './open'

test('opens a workspace and shows its runs', async ({ open, workspace }) => {
  await writeFile(
    `${workspace}/.agent-relay/workflow-runs.jsonl`,
    runLine({}) +
      runLine({ id: 'b'.repeat(24), workflowName: 'sync', status: 'failed', error: 'connect ECONNREFUSED' }),
  )
  const { page } = await open()
  await expect(page.getByRole('option', { name: /Failed sync/ })).toContainText('connect ECONNREFUSED')
  await page.getByRole('button', { name: /^Failed/ }).click()
  await expect(page.getByRole('option')).toHaveCount(1)
})

test('no screen has an accessibility fault that a checker finds', async ({ open, workspace }) => {
  await writeFile(
    `${workspace}/.agent-relay/workflow-runs.jsonl`,
    `${runLine({ status: 'failed', error: 'broke' })}{broken\n`,
  )
  const { page } = await open()
  const faults: string[] = []
  for (const link of ['Runs', 'Trajectories', 'Writebacks', 'Problems']) {
    await page
      .getByRole('link', { name: new RegExp(link) })
      .first()
      .click()
    await expect(page.getByRole('heading', { name: link, level: 1 })).toBeVisible()
    faults.push(...(await accessibilityFaults(page)))
  }
  expect(faults).toEqual([])
})
