import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createOutputFiles } from './outputFiles'
import { toWorkflow } from './parseWorkflow'

test.each([
  ['', 'left alone', async () => undefined],
  ['printed', 'left alone', async () => undefined],
  ['', 'taken away', (path: string) => rm(path)],
  ['', 'replaced', (path: string) => rm(path).then(() => writeFile(path, 'of another'))],
])('a file that was made ahead holds what its step printed then: %j, when it was %s', async (output, _what, touch) => {
  const dir = await makeTemporaryFolder()
  const [memoryDir, diskDir] = [join(dir, 'memory'), join(dir, 'disk')]
  await Promise.all([memoryDir, diskDir].map((folder) => mkdir(folder)))
  const steps = [{ name: 'one', type: 'deterministic', command: 'true' }]
  const file = {
    version: '1.0',
    name: 'f',
    swarm: { pattern: 'dag' },
    agents: [],
    workflows: [{ name: 'main', steps }],
  }
  const workflow = toWorkflow(file, { origin: 'f' })
  const outputs = await createOutputFiles({ workflow, rows: [], rundeskDir: dir, memoryDir, diskDir })
  outputs.foresee('one')
  await touch(outputs.expected('one'))
  const isTold = outputs.files.size > 0
  await outputs.keep({ step: 'one', output, log: null })
  const path = outputs.files.get('RUNDESK_OUTPUT_ONE') ?? ''
  expect([isTold, path, await readFile(path, 'utf8')]).toEqual([false, outputs.expected('one'), output])
})
