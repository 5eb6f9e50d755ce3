import { spawn } from 'node:child_process'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { eventually } from '../files/eventually.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openRunningMark } from './runningMark'

const script = join(dirname(fileURLToPath(import.meta.url)), 'markOne.testkit.ts')
const read = (dir: string): Promise<string> => readFile(join(dir, 'running.json'), 'utf8').catch(() => '')

test('what a killed process did is told by the next one, which leaves a mark of its own', async () => {
  const dataDir = join(await makeTemporaryFolder(), 'data')
  const child = spawn(process.execPath, [await bundleScript(script), dataDir, 'nightly'], { stdio: 'ignore' })
  await eventually('the mark to tell of the run', async () => (await read(dataDir)).includes('nightly'))
  const whileItRuns = await openRunningMark({ dataDir: await copyOf(dataDir), version: '1.0.0' })
  child.kill('SIGKILL')
  await new Promise((done) => child.on('exit', done))
  const { lastEnd } = await openRunningMark({ dataDir, version: '1.0.0' })
  await eventually('a mark of its own', async () => (await read(dataDir)).includes(`"pid":${process.pid},`))
  expect([whileItRuns.lastEnd, lastEnd]).toEqual([
    null,
    {
      startedAt: expect.any(String),
      version: '9.9.9',
      runs: [{ workspaceId: 'w', runId: 'r', workflowName: 'nightly', goesOn: false }],
      unsavedRows: 2,
      error: null,
    },
  ])
})

test('the folder around the data folder keeps its mode', async () => {
  const around = await makeTemporaryFolder()
  await chmod(around, 0o755)
  const mark = await openRunningMark({ dataDir: join(around, 'data'), version: '1.0.0' })
  await mark.close()
  const modes = await Promise.all([around, join(around, 'data')].map(async (path) => (await stat(path)).mode & 0o777))
  expect(modes).toEqual([0o755, 0o700])
})

test('a process that closes leaves nothing, also when it has just noted something', async () => {
  const dataDir = await makeTemporaryFolder()
  const mark = await openRunningMark({ dataDir, version: '1.0.0' })
  mark.note({ runs: [], unsavedRows: 7 })
  await mark.close()
  mark.note({ runs: [], unsavedRows: 8 })
  expect([await read(dataDir), (await openRunningMark({ dataDir, version: '1.0.0' })).lastEnd]).toEqual(['', null])
})

test('the mark is for the eyes of its user alone, and one that is damaged tells nothing', async () => {
  const dataDir = await makeTemporaryFolder()
  await writeFile(join(dataDir, 'running.json'), '{"version":')
  const { lastEnd, fail } = await openRunningMark({ dataDir, version: '1.0.0' })
  fail(new Error('broke'))
  const { mode } = await stat(join(dataDir, 'running.json'))
  expect([lastEnd, mode & 0o777, JSON.parse(await read(dataDir)).error.split('\n')[0]]).toEqual([
    null,
    0o600,
    'Error: broke',
  ])
})

async function copyOf(dataDir: string): Promise<string> {
  const copy = await makeTemporaryFolder()
  await writeFile(join(copy, 'running.json'), await read(dataDir))
  return copy
}
