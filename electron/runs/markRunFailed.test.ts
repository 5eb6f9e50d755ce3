import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { markable } from '../../shared/rules/runActs'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { markRunFailed } from './markRunFailed'
import { createRunStore } from './runStore'
import { makeRunLine, makeStepLine, toFile } from './storeLines.testkit'

const runId = '0'.repeat(24)

test('a run that is marked as failed leaves no step that says running, and those that waited as they were', async () => {
  const workspaceDir = await makeTemporaryFolder()
  const file = join(workspaceDir, '.agent-relay', 'workflow-runs.jsonl')
  await mkdir(dirname(file), { recursive: true })
  const steps = ['completed', 'running', 'pending'].map((status, index) =>
    makeStepLine({ id: `${index}`.repeat(24), stepName: status, status }),
  )
  await writeFile(file, toFile([makeRunLine({ status: 'running' }), ...steps]))
  const store = createRunStore({ workspaceDir, watch: false })
  onTestFinished(() => store.close())
  await store.load()
  await markRunFailed(store, { runId, reason: 'the machine was off', by: 'ada', rule: markable })
  const record = await store.read(runId)
  expect([
    [record?.run.status, record?.run.error],
    record?.steps.map(({ stepName, status, error }) => [stepName, status, error]),
    store.problems(),
  ]).toEqual([
    ['failed', 'Marked as failed: the machine was off'],
    [
      ['completed', 'completed', undefined],
      ['running', 'failed', 'Step "running" was interrupted: its runner ended'],
      ['pending', 'pending', undefined],
    ],
    [],
  ])
})
