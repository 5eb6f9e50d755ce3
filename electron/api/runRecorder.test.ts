import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Trajectory } from '../../shared/trajectories'
import { eventually } from '../files/temporaryFolder.testkit'
import type { Runner } from '../runner/runner'
import { openRunner, writeWorkflow } from '../runner/runner.testkit'
import { createWorkspaceTrajectories, type WorkspaceTrajectories } from '../trajectories/workspaceTrajectories'
import { createRunRecorder, type RunRecorder } from './runRecorder'

interface Recorded {
  readonly dir: string
  readonly runner: Runner
  readonly recorder: RunRecorder
  readonly trajectories: WorkspaceTrajectories
}

async function openRecorded(workspaceDir?: string): Promise<Recorded> {
  const { dir, store, runner } = await openRunner(workspaceDir === undefined ? {} : { workspaceDir })
  const trajectories = createWorkspaceTrajectories({ workspaceDir: dir, dataDir: undefined, cacheDir: null })
  const recorder = createRunRecorder({ store, executing: runner.executing, trajectories, onChange: () => undefined })
  await trajectories.refresh()
  onTestFinished(async () => {
    await recorder.close()
    await trajectories.close()
  })
  return { dir, runner, recorder, trajectories }
}

/** The trajectory of a run, once it has that status. */
async function trajectoryOf({ trajectories }: Recorded, runId: string, status: string): Promise<Trajectory> {
  const { id } = await eventually(`a trajectory that is ${status}`, () =>
    trajectories.list().find((one) => one.runId === runId && one.status === status),
  )
  const whole = await trajectories.get(id)
  if (!whole) throw new Error(`no trajectory ${id}`)
  return whole
}

const waiting = { name: 'wait', command: 'while ! test -f go; do sleep 0.05; done' }

test('a run is recorded as active when it starts and as completed when it ends', async () => {
  const recorded = await openRecorded()
  const { runId, ended } = await recorded.runner.start({ file: await writeWorkflow(recorded.dir, [waiting]), vars: {} })
  const during = await trajectoryOf(recorded, runId, 'active')
  await writeFile(join(recorded.dir, 'go'), '')
  await ended
  const after = await trajectoryOf(recorded, runId, 'completed')
  expect([
    during.id === after.id,
    during.place,
    after.place,
    after.problems,
    recorded.trajectories.list().length,
  ]).toEqual([true, 'active', 'completed', [], 1])
})

test('a failed run is abandoned, and active again when it is resumed', async () => {
  const recorded = await openRecorded()
  const step = { name: 'once', command: 'test -f go && while ! test -f on; do sleep 0.05; done', retries: 0 }
  const { runId, ended } = await recorded.runner.start({ file: await writeWorkflow(recorded.dir, [step]), vars: {} })
  await ended
  const failed = await trajectoryOf(recorded, runId, 'abandoned')
  await writeFile(join(recorded.dir, 'go'), '')
  const resumed = await recorded.runner.resume({ runId, confirmed: false })
  const again = await trajectoryOf(recorded, runId, 'active')
  await writeFile(join(recorded.dir, 'on'), '')
  await resumed.ended
  const completed = await trajectoryOf(recorded, runId, 'completed')
  expect([failed.retrospective?.suggestions.length, again.retrospective, completed.chapters[0]?.events.length]).toEqual(
    [1, null, 2],
  )
})

test('everything due is written before the recorder is closed', async () => {
  const recorded = await openRecorded()
  const { runId, ended } = await recorded.runner.start({
    file: await writeWorkflow(recorded.dir, [{ name: 'one', command: 'true' }]),
    vars: {},
  })
  await ended
  await recorded.recorder.close()
  expect(recorded.trajectories.list().map(({ runId: of, status }) => [of, status])).toEqual([[runId, 'completed']])
})

test.each([[false], [{ enabled: false }]])('a workflow file with trajectories: %j has none', async (trajectories) => {
  const recorded = await openRecorded()
  const file = await writeWorkflow(recorded.dir, [{ name: 'one', command: 'true' }], { trajectories })
  await (await recorded.runner.start({ file, vars: {} })).ended
  await recorded.recorder.close()
  expect(recorded.trajectories.list()).toEqual([])
})

test('a trajectory that cannot be saved is a problem, and the run completes', async () => {
  const recorded = await openRecorded()
  await writeFile(join(recorded.dir, '.trajectories'), 'a file is in the way')
  const { runId, ended } = await recorded.runner.start({
    file: await writeWorkflow(recorded.dir, [{ name: 'one', command: 'echo done > done' }]),
    vars: {},
  })
  await ended
  await recorded.recorder.close()
  const problem = recorded.trajectories.problems().find(({ code }) => code === 'trajectory_not_saved')
  await rm(join(recorded.dir, '.trajectories'))
  expect([problem?.message.includes('could not be saved'), runId.length]).toEqual([true, 24])
})

test('a run that was ended from here after its program died gets its end', async () => {
  const recorded = await openRecorded()
  const { runId, ended } = await recorded.runner.start({ file: await writeWorkflow(recorded.dir, [waiting]), vars: {} })
  const going = await trajectoryOf(recorded, runId, 'active')
  await recorded.recorder.close()
  await recorded.runner.cancel({ runId, confirmed: true })
  await ended
  const other = await openRecorded(recorded.dir)
  const before = other.trajectories.list().map(({ status }) => status)
  other.recorder.settle(runId)
  const settled = await trajectoryOf(other, runId, 'abandoned')
  expect([before, settled.id]).toEqual([['active'], going.id])
})

test('a run without a trajectory gets none by being ended', async () => {
  const recorded = await openRecorded()
  await mkdir(join(recorded.dir, '.agent-relay'), { recursive: true })
  recorded.recorder.settle('0'.repeat(24))
  await recorded.recorder.close()
  expect(recorded.trajectories.list()).toEqual([])
})
