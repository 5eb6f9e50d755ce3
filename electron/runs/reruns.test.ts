import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { parentOf, rerunsOf } from './reruns'
import { createRunStore } from './runStore'
import { makeRunLine, toFile } from './storeLines.testkit'

async function openStore(runs: readonly object[]) {
  const workspaceDir = await makeTemporaryFolder()
  const store = createRunStore({ workspaceDir, watch: false })
  await mkdir(dirname(store.file), { recursive: true })
  const lines = runs.map((run, index) => makeRunLine({ startedAt: `2026-11-20T1${index}:00:00.000Z`, ...run }))
  await writeFile(store.file, toFile(lines))
  await store.load()
  onTestFinished(() => store.close())
  return store
}

async function reruns(runs: readonly object[], id: string): Promise<readonly (readonly [string, string | null])[]> {
  const store = await openStore(runs)
  const run = store.get(id)
  return run ? (await rerunsOf(store, run)).map(({ runId, from }) => [runId, from]) : []
}

const repeats = (runId: string, from: string | null): object => ({ rundesk: { parent: { runId, from } } })

test('the re-runs of a run are told newest first, each with the step that was chosen', async () => {
  const runs = [
    { id: 'one' },
    { id: 'two', ...repeats('one', null) },
    { id: 'other' },
    { id: 'three', ...repeats('one', 'push') },
    { id: 'four', ...repeats('three', null) },
  ]
  expect(await reruns(runs, 'one')).toEqual([
    ['three', 'push'],
    ['two', null],
  ])
})

test('a run of another workflow is no re-run, whatever it says', async () => {
  expect(await reruns([{ id: 'one' }, { id: 'two', workflowName: 'other', ...repeats('one', null) }], 'one')).toEqual(
    [],
  )
})

test.each([
  ['none', undefined, null],
  ['no run', { parent: { from: 'a' } }, null],
  ['a text', { parent: 'one' }, null],
  ['a run and a step', { parent: { runId: 'one', from: 'a', more: 1 } }, { runId: 'one', from: 'a' }],
])('a row of others may say anything about its parent: %s', (_what, rundesk, expected) => {
  expect(parentOf({ rundesk })).toEqual(expected)
})
