import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { listTree, makeDocument, writeTree } from './trajectories.testkit'
import { trajectoryRoots } from './trajectoryRoots'
import { createWorkspaceTrajectories, type WorkspaceTrajectories } from './workspaceTrajectories'

const older = '.trajectories'
const newer = join('.agentworkforce', 'trajectories')

async function open(workspaceDir: string, dataDir?: string): Promise<WorkspaceTrajectories> {
  const trajectories = createWorkspaceTrajectories({ workspaceDir, dataDir, cacheDir: null })
  onTestFinished(() => trajectories.close())
  await trajectories.refresh()
  return trajectories
}

test.each([[undefined], [''], ['undefined'], ['  ']])('the value %j of the variable counts as unset', (dataDir) => {
  expect(trajectoryRoots({ workspaceDir: '/w', dataDir })).toEqual([join('/w', newer), join('/w', older)])
})

test.each([
  ['/data', '/data'],
  ['data', '/w/data'],
  ['~', homedir()],
  ['~/data', join(homedir(), 'data')],
])('the value %j of the variable replaces the folders', (dataDir, root) => {
  expect(trajectoryRoots({ workspaceDir: '/w', dataDir })).toEqual([root])
})

test('both folders are read, and of two records with one id the later one is shown', async () => {
  const dir = await makeTemporaryFolder()
  await writeTree(join(dir, older), {
    'active/traj_a.json': makeDocument({ id: 'traj_a' }),
    'active/traj_one.json': makeDocument({ completedAt: '2026-02-03T10:30:00.000Z' }),
  })
  await writeTree(join(dir, newer), { 'completed/2026-02/traj_one/trajectory.json': makeDocument() })
  const trajectories = await open(dir)
  expect([
    trajectories.list().map(({ id, completedAt }) => [id, completedAt]),
    (await trajectories.get('traj_one'))?.path,
    trajectories.problems().map(({ code, path }) => [code, path]),
  ]).toEqual([
    [
      ['traj_one', '2026-02-03T11:00:00.000Z'],
      ['traj_a', '2026-02-03T11:00:00.000Z'],
    ],
    join(dir, newer, 'completed/2026-02/traj_one/trajectory.json'),
    [['duplicate_trajectory', join(dir, older, 'active/traj_one.json')]],
  ])
})

test('a workspace without trajectories gets .trajectories', async () => {
  const dir = await makeTemporaryFolder()
  const trajectories = await open(dir)
  await trajectories.save(makeDocument())
  expect([await listTree(join(dir, older)), trajectories.list().length]).toEqual([
    ['completed/2026-02/traj_one.json', 'completed/2026-02/traj_one.md'],
    1,
  ])
})

test('records go to the folder of newer tools as soon as there is one', async () => {
  const dir = await makeTemporaryFolder()
  await mkdir(join(dir, older))
  const trajectories = await open(dir)
  await mkdir(join(dir, newer), { recursive: true })
  await trajectories.save(makeDocument())
  expect(await listTree(dir)).toEqual([
    join(newer, 'completed/2026-02/traj_one/summary.md'),
    join(newer, 'completed/2026-02/traj_one/trajectory.json'),
  ])
})

test('records go where the variable says', async () => {
  const [dir, data] = [await makeTemporaryFolder(), await makeTemporaryFolder()]
  const trajectories = await open(dir, data)
  await trajectories.save(makeDocument())
  expect([await listTree(dir), (await listTree(data)).length]).toEqual([[], 2])
})

test('reconciling takes in every folder', async () => {
  const dir = await makeTemporaryFolder()
  await writeTree(join(dir, older), { 'active/traj_a.json': makeDocument({ id: 'traj_a' }) })
  await writeTree(join(dir, newer), { 'active/traj_b.json': '{' })
  const trajectories = await open(dir)
  expect(await trajectories.reconcile()).toMatchObject({
    scanned: 2,
    failures: [{ path: join(dir, newer, 'active/traj_b.json') }],
  })
})
