import { appendFile, chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { RundeskError } from '../../shared/outcome'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import type { StoreLine } from './rows'
import type { Steps } from './runSteps'
import { createRunStore, type RunStore } from './runStore'
import { makeRunLine, makeStepLine, toFile } from './storeLines.testkit'

const runId = '0'.repeat(24)
const stepId = '1'.repeat(24)

async function openStore(
  content?: string,
  { watch = false } = {},
): Promise<{ store: RunStore; file: string; workspaceDir: string }> {
  const workspaceDir = await makeTemporaryFolder()
  const file = join(workspaceDir, '.agent-relay', 'workflow-runs.jsonl')
  if (content !== undefined) {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  const store = createRunStore({ workspaceDir, watch })
  onTestFinished(() => store.close())
  await store.load()
  return { store, file, workspaceDir }
}

async function stepsOf(store: RunStore): Promise<Steps> {
  const run = store.get(runId)
  return run ? store.stepsOf(run) : new Map()
}

test('the last line of an id wins, by file order', async () => {
  const { store } = await openStore(
    toFile([makeRunLine({ status: 'completed' }), makeRunLine({ status: 'failed', error: 'no' })]),
  )
  expect(store.get(runId)?.view).toMatchObject({ status: 'failed', error: 'no' })
})

test('CRLF, a BOM and empty lines are read through; damaged and unknown lines are problems with their number', async () => {
  const good = JSON.stringify(makeRunLine())
  const { store } = await openStore(
    `\ufeff${good}\r\n\r\n{broken\r\nnull\n{"kind":"note","row":{"id":"n"}}\n{"kind":"run","row":{}}\n`,
  )
  expect([store.runs().map((run) => run.id), store.problems().map(({ code, line }) => [code, line])]).toEqual([
    [runId],
    [
      ['malformed_line', 3],
      ['not_a_row', 4],
      ['unknown_kind', 5],
      ['not_a_row', 6],
    ],
  ])
})

test('one field of a wrong type does not hide the row', async () => {
  const { store } = await openStore(toFile([makeRunLine({ status: 'failed', error: { text: 'odd' }, startedAt: 7 })]))
  expect(store.get(runId)?.view).toMatchObject({ status: 'failed', error: null, startedAt: null })
})

test('a line after a final status is shown as a problem', async () => {
  const { store } = await openStore(toFile([makeRunLine({ status: 'cancelled' }), makeRunLine({ status: 'running' })]))
  expect([store.get(runId)?.view.status, store.problems().map(({ code, line }) => [code, line])]).toEqual([
    'running',
    [['line_after_end', 2]],
  ])
})

test('reading changes nothing on disk', async () => {
  const { file, workspaceDir } = await openStore()
  await expect(readFile(file)).rejects.toThrow(/ENOENT/)
  await expect(readFile(join(workspaceDir, '.agent-relay'))).rejects.toThrow(/ENOENT/)
})

test('lines that another process appends appear without being asked for', async () => {
  const { store, file } = await openStore(toFile([makeRunLine()]), { watch: true })
  const told: string[] = []
  store.onChange((ids) => told.push(...ids))
  await appendFile(file, toFile([makeRunLine({ status: 'running' })]))
  await eventually('the appended line', () => store.get(runId)?.view.status === 'running')
  expect(told).toContain(runId)
})

test('a claim appends one whole row, and what it gave is a copy', async () => {
  const { store, file } = await openStore(toFile([makeRunLine({ status: 'failed', own: { kept: true } })]))
  await store.claim(runId, (record) => {
    if (!record) throw new Error('the run is there')
    Object.assign(record.run, { workflowName: 'mutated' })
    return [{ kind: 'run', row: { ...record.run, workflowName: 'sync', status: 'running' } }]
  })
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  expect([lines.length, JSON.parse(lines[1] ?? '').row]).toEqual([
    2,
    { ...makeRunLine({ status: 'failed', own: { kept: true } }).row, status: 'running' },
  ])
  expect(store.get(runId)?.view.workflowName).toBe('sync')
})

test('a claim on a run that another process executes counts at once', async () => {
  const { store } = await openStore(toFile([makeRunLine({ status: 'running' })]))
  await store.claim(runId, () => [makeRunLine({ status: 'cancelled' })])
  expect(store.get(runId)?.view.status).toBe('cancelled')
})

test('of many claims by many stores exactly one wins', async () => {
  const { workspaceDir } = await openStore(toFile([makeRunLine({ status: 'failed' })]))
  const stores = Array.from({ length: 8 }, () => createRunStore({ workspaceDir, watch: false }))
  await Promise.all(stores.map((store) => store.load()))
  const results = await Promise.allSettled(
    stores.map((store) =>
      store.claim(runId, (record) => {
        if (record?.run.status !== 'failed') throw new RundeskError('not_resumable', 'late')
        return [{ kind: 'run', row: { ...record.run, status: 'running' } }]
      }),
    ),
  )
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
})

test('a row mutated after it was appended changes nothing', async () => {
  const { store } = await openStore('')
  const line = makeRunLine() as StoreLine & { kind: 'run' }
  await store.append([line], 'written')
  Object.assign(line.row, { status: 'mutated' })
  expect((await store.read(runId))?.run.status).toBe('pending')
})

test('a refused write keeps memory right, tells every failure, and is written in order when the disk is back', async () => {
  const { store, file } = await openStore('', { watch: true })
  await rm(file)
  await mkdir(file)
  const failures: string[] = []
  store.onWriteFailure(({ path }) => failures.push(path))
  await store.append([makeRunLine({ status: 'running' })], 'written')
  await store.append([makeStepLine({ status: 'completed' })], 'written')
  const during = {
    status: store.get(runId)?.view.status,
    unsaved: store.degraded()?.unsavedRows,
    told: failures.length >= 2,
    problem: store.problems().some(({ code }) => code === 'not_saved'),
  }
  await rm(file, { recursive: true })
  await eventually('the rows to be saved', () => store.degraded() === null)
  expect([during, await readFile(file, 'utf8')]).toEqual([
    { status: 'running', unsaved: 2, told: true, problem: true },
    toFile([makeRunLine({ status: 'running' }), makeStepLine({ status: 'completed' })]),
  ])
})

test.skipIf(process.getuid?.() === 0)('a read-only file degrades the store and recovers', async () => {
  const { store, file } = await openStore(toFile([makeRunLine()]), { watch: true })
  await chmod(file, 0o444)
  await store.append([makeRunLine({ status: 'running' })], 'synced')
  const degraded = store.degraded()?.unsavedRows
  await chmod(file, 0o644)
  await eventually('the row to be saved', () => store.degraded() === null)
  expect([degraded, (await readFile(file, 'utf8')).trim().split('\n').length]).toEqual([1, 2])
})

test('a claim that cannot be written changes nothing and says so', async () => {
  const { store, file } = await openStore(toFile([makeRunLine({ status: 'failed' })]))
  await rm(file)
  await mkdir(file)
  await expect(
    store.claim(runId, (record) => (record ? [{ kind: 'run', row: { ...record.run, status: 'running' } }] : [])),
  ).rejects.toMatchObject({
    code: 'unreadable',
  })
})

test('an unreadable store is told with its file, and is no empty store', async () => {
  const { store, file } = await openStore(toFile([makeRunLine()]))
  await rm(file)
  await mkdir(file)
  await store.refresh()
  expect(store.trouble()).toContain(file)
})

test('a run is listed whose row holds the workflow of 100,000 steps', async () => {
  const steps = Array.from({ length: 100_000 }, (_, index) => ({
    name: `step-${index}`,
    command: `echo ${index} && make`,
    dependsOn: [`step-${index - 1}`],
  }))
  const line = toFile([makeRunLine({ status: 'running', config: { workflows: [{ name: 'main', steps }] } })])
  const { store } = await openStore(line)
  expect([line.length > 6_000_000, store.get(runId)?.view.status, store.problems()]).toEqual([true, 'running', []])
})

test('outputs are read when asked for, also those of very long lines', async () => {
  const output = 'ü'.repeat(800_000)
  const { store } = await openStore(toFile([makeRunLine(), makeStepLine({ status: 'completed', output })]))
  const step = (await stepsOf(store)).get(stepId)
  expect(step && (await store.readRow(step)).output).toBe(output)
})

test('what is shown of a run follows its newest line, and a file that was written anew in place', async () => {
  const { store, file } = await openStore(toFile([makeRunLine({ workflowName: 'one', own: 'one' })]))
  const shown = async (): Promise<unknown> => {
    await store.refresh()
    const run = store.get(runId)
    return run && (await store.readShown(run)).workflowName
  }
  const names = [await shown(), await shown()]
  await writeFile(file, toFile([makeRunLine({ workflowName: 'two', own: 'two' })]))
  names.push(await shown())
  await appendFile(file, toFile([makeRunLine({ workflowName: 'three', own: 'three' })]))
  expect([...names, await shown()]).toEqual(['one', 'one', 'two', 'three'])
})

test('a step that a later line gives to another run leaves the one it was in, also when its steps were looked at', async () => {
  const other = '2'.repeat(24)
  const { store, file } = await openStore(toFile([makeRunLine(), makeRunLine({ id: other }), makeStepLine()]))
  const before = [...(await stepsOf(store)).keys()]
  await appendFile(file, toFile([makeStepLine({ runId: other })]))
  await store.refresh()
  expect([before, [...(await stepsOf(store)).keys()]]).toEqual([[stepId], []])
})

test('a truncated file is read again from its start', async () => {
  const { store, file } = await openStore(toFile([makeRunLine(), makeStepLine()]))
  await writeFile(file, toFile([makeRunLine({ id: '2'.repeat(24) })]))
  await store.refresh()
  expect(store.runs().map((run) => run.id)).toEqual(['2'.repeat(24)])
})

test('own lines that come back from the file count once', async () => {
  const { store } = await openStore('')
  const [at, later] = ['2026-11-20T10:00:01.000Z', '2026-11-20T10:00:02.000Z']
  const lines = [
    makeRunLine({ status: 'running', rundesk: { odd: 1 } }),
    makeStepLine({ rundesk: { first: 1 }, status: 'running', startedAt: at }),
    makeStepLine({ status: 'running', startedAt: at, retryCount: 1 }),
    makeStepLine({ status: 'running', startedAt: later, retryCount: 1 }),
  ]
  for (const line of lines) await store.append([line], 'written')
  await store.refresh()
  const step = (await stepsOf(store)).get(stepId)
  expect(step?.view.attempts.map(({ status }) => status)).toEqual(['failed', 'running'])
})

test('a folder that vanishes takes nothing out of memory, and what was written meanwhile goes into it when it is back', async () => {
  const { store, file, workspaceDir } = await openStore(toFile([makeRunLine({ status: 'running' })]), { watch: true })
  const away = join(workspaceDir, 'away')
  await rename(dirname(file), away)
  await mkdir(workspaceDir, { recursive: true })
  await eventually('the trouble', () => store.trouble()?.includes('is gone'))
  const during = store.get(runId)?.view.status
  await rename(away, dirname(file))
  await store.append([makeRunLine({ status: 'failed' })], 'synced')
  await eventually('the folder to be read again', () => store.trouble() === null && store.degraded() === null)
  expect([during, await readFile(file, 'utf8')]).toEqual([
    'running',
    toFile([makeRunLine({ status: 'running' }), makeRunLine({ status: 'failed' })]),
  ])
})

test('a claim decides on a last line that lacks nothing but its newline', async () => {
  const { store, file } = await openStore(toFile([makeRunLine({ status: 'running' }), makeStepLine()]))
  await appendFile(file, JSON.stringify(makeRunLine({ status: 'completed' })))
  const seen: unknown[] = []
  await store.claim(runId, (record) => {
    seen.push(record?.run.status)
    return []
  })
  expect(seen).toEqual(['completed'])
})
