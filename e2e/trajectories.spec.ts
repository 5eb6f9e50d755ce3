import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { rundesk, test, writeWorkflow } from './open'

/** Fails a run by the command line, as another process. */
async function failedRun(workspace: string): Promise<string> {
  const file = await writeWorkflow(workspace, 'sync', [
    { name: 'fetch', command: 'true' },
    { name: 'push', dependsOn: ['fetch'], command: 'echo "connect ECONNREFUSED" >&2; exit 3' },
    { name: 'notify', dependsOn: ['push'], command: 'true' },
  ])
  const { json } = await rundesk(['start', file, '-w', workspace])
  return (json as { id: string }).id
}

test('a run leads to its trajectory, which tells why steps were skipped, and back', async ({ open, workspace }) => {
  const id = await failedRun(workspace)
  const { page } = await open()
  await page.getByRole('option', { name: /Failed sync/ }).click()
  await page.getByRole('link', { name: 'Trajectory', exact: true }).click()
  const trajectory = page.getByRole('region', { name: `Trajectory sync run #${id.slice(0, 8)}` })
  await expect(trajectory.getByRole('region', { name: 'Summary' })).toContainText('1 of 3 steps completed')
  const decisions = trajectory.getByRole('region', { name: 'Decisions' })
  await expect(decisions).toContainText('Skip it')
  await expect(decisions).toContainText('Step "push", which it depends on, failed.')
  await expect(trajectory.getByRole('region', { name: 'push', exact: true })).toContainText('Error')
  await trajectory.getByRole('link', { name: 'Open run' }).click()
  await expect(page.getByRole('region', { name: 'Run sync' })).toBeVisible()
  const folder = join(workspace, '.trajectories', 'completed')
  const [month = ''] = await readdir(folder)
  const [file = ''] = (await readdir(join(folder, month))).filter((name) => name.endsWith('.json'))
  expect(JSON.parse(await readFile(join(folder, month, file), 'utf8'))).toMatchObject({
    status: 'abandoned',
    task: { source: { system: 'workflow-runner', id } },
  })
})

test('records of other tools are shown in spite of a damaged index, which a person reconciles', async ({
  open,
  workspace,
}) => {
  const root = join(workspace, '.trajectories')
  const at = '2026-02-03T10:00:00.000Z'
  const record = {
    id: 'traj_theirs',
    version: 1,
    task: { title: 'Mend the import' },
    status: 'completed',
    startedAt: at,
    completedAt: '2026-02-03T11:00:00.000Z',
    agents: [{ name: 'ada', role: 'lead', joinedAt: at }],
    chapters: [],
  }
  await mkdir(join(root, 'completed', '2026-02'), { recursive: true })
  await writeFile(join(root, 'completed', '2026-02', 'traj_theirs.json'), JSON.stringify(record))
  await writeFile(join(root, 'index.json'), '{"version":1,<<<<<<< HEAD')
  const { page } = await open()
  const places = page.getByRole('region', { name: 'payments' })
  await places.getByRole('link', { name: 'Trajectories' }).click()
  await expect(page.getByRole('option', { name: /Completed Mend the import/ })).toBeVisible()
  await places.getByRole('link', { name: /Problems/ }).click()
  await expect(page.getByText('index malformed')).toBeVisible()
  await page.getByRole('button', { name: 'Reconcile the index' }).click()
  await expect(page.getByText('No problems')).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await page.getByRole('button', { name: 'Reconcile index' }).click()
  await expect(page.getByRole('status', { name: 'Messages' })).toContainText('in step with the files')
  await page.getByRole('option', { name: /Mend the import/ }).click()
  await expect(page.getByRole('region', { name: 'Trajectory Mend the import' })).toBeVisible()
  const names = await readdir(root)
  expect([
    Object.keys(JSON.parse(await readFile(join(root, 'index.json'), 'utf8')).trajectories),
    names.some((name) => name.startsWith('index.json.corrupt-')),
  ]).toEqual([['traj_theirs'], true])
})
