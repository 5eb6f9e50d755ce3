import { spawn } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { eventually } from '../files/eventually.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { becauseOf, openRunningMark } from './runningMark'

const script = join(dirname(fileURLToPath(import.meta.url)), 'markOne.testkit.ts')
const own = { version: '1.0.0', face: 'window' } as const

/** All that the marks in a data folder say. */
async function read(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'running')
  const names = await readdir(folder).catch(() => [])
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')))).join('')
}

/** Starts a process that leaves a mark, and gives what kills it. */
async function leaveMark(dataDir: string, workflowName: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [await bundleScript(script), dataDir, workflowName], { stdio: 'ignore' })
  const exited = new Promise<void>((done) => child.once('exit', () => done()))
  const kill = (): Promise<void> => {
    child.kill('SIGKILL')
    return exited
  }
  onTestFinished(kill)
  await eventually('the mark to tell of the run', async () => (await read(dataDir)).includes(workflowName))
  return kill
}

test('what killed processes did is told by the next one, newest first, until it has taken that over; a living one is let be', async () => {
  const dataDir = join(await makeTemporaryFolder(), 'data')
  const kills = [await leaveMark(dataDir, 'nightly'), await leaveMark(dataDir, 'hourly')]
  await leaveMark(dataDir, 'living')
  for (const kill of kills) await kill()
  const told = async (): Promise<readonly string[]> => {
    const mark = await openRunningMark({ dataDir, ...own })
    onTestFinished(mark.close)
    return mark.lastEnds.flatMap(({ runs }) => runs.map(({ workflowName }) => workflowName))
  }
  const mark = await openRunningMark({ dataDir, ...own })
  const [again] = [await told(), await mark.takeOver()]
  await eventually('a mark of its own', async () => (await read(dataDir)).includes(`"pid":${process.pid},`))
  await mark.close()
  expect([
    mark.lastEnds[1],
    mark.lastEnds.length,
    again,
    await told(),
    (await read(dataDir)).includes('living'),
  ]).toEqual([
    {
      startedAt: expect.any(String),
      version: '9.9.9',
      face: 'browser',
      runs: [{ workspaceId: 'w', runId: 'r', workflowName: 'nightly', goesOn: false }],
      unsavedRows: 2,
      cause: { kind: 'unknown' },
    },
    2,
    ['hourly', 'nightly'],
    [],
    true,
  ])
})

test('the folder around the data folder keeps its mode', async () => {
  const around = await makeTemporaryFolder()
  await chmod(around, 0o755)
  const mark = await openRunningMark({ dataDir: join(around, 'data'), ...own })
  await mark.close()
  const modes = await Promise.all([around, join(around, 'data')].map(async (path) => (await stat(path)).mode & 0o777))
  expect(modes).toEqual([0o755, 0o700])
})

test('a process that closes leaves nothing, also when it has just noted something', async () => {
  const dataDir = await makeTemporaryFolder()
  const mark = await openRunningMark({ dataDir, ...own })
  mark.note({ runs: [], unsavedRows: 7 })
  await mark.close()
  mark.note({ runs: [], unsavedRows: 8 })
  expect(await readdir(join(dataDir, 'running'))).toEqual([])
})

test('the mark is for the eyes of its user alone, keeps why it ended, and one that is damaged tells nothing', async () => {
  const dataDir = await makeTemporaryFolder()
  await mkdir(join(dataDir, 'running'))
  await writeFile(join(dataDir, 'running', 'damaged.json'), '{"version":')
  const { lastEnds, endBecause } = await openRunningMark({ dataDir, ...own })
  await eventually('the mark', async () => (await read(dataDir)).includes('unknown'))
  endBecause(becauseOf(new Error('broke')))
  const [name = ''] = (await readdir(join(dataDir, 'running'))).filter((found) => found !== 'damaged.json')
  const path = join(dataDir, 'running', name)
  const { cause } = JSON.parse(await readFile(path, 'utf8'))
  expect([lastEnds, (await stat(path)).mode & 0o777, cause.kind, cause.error.split('\n')[0]]).toEqual([
    [],
    0o600,
    'error',
    'Error: broke',
  ])
})
