import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { eventually } from '../files/temporaryFolder.testkit'
import { makeRunLine, toFile } from '../runs/storeLines.testkit'
import { type DbosWorld, makeDbosWorld, startServer } from '../sources/dbos/dbosWorld.testkit'
import type { TestPostgres } from '../sources/dbos/postgres.testkit'
import { postgresBinaries } from '../sources/dbos/postgresBinaries.testkit'
import type { Worker } from '../sources/dbos/startWorker.testkit'

interface Said {
  readonly code: number
  readonly text: string
  readonly errors: string
}

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const bin = postgresBinaries()

describe.skipIf(bin === undefined)('commands on the runs of a DBOS database', () => {
  let postgres: TestPostgres
  let world: DbosWorld
  let worker: Worker
  let home: string
  let rundesk: (...args: readonly string[]) => Promise<Said>
  /** Begins a command and leaves it alone. */
  let begin: (...args: readonly string[]) => ChildProcess

  beforeAll(async () => {
    postgres = await startServer(bin)
    world = await makeDbosWorld(postgres)
    worker = await world.worker()
    home = await mkdtemp(join(tmpdir(), 'rundesk-cli-'))
    await mkdir(join(home, 'here', '.agent-relay'), { recursive: true })
    const local = makeRunLine({ id: 'a'.repeat(24), workflowName: 'local', status: 'completed' })
    await writeFile(join(home, 'here', '.agent-relay', 'workflow-runs.jsonl'), toFile([local]))
    const script = await bundleScript(main)
    const env = {
      ...process.env,
      HOME: home,
      READ_URL: postgres.url('reader', world.database),
      WRITE_URL: postgres.url('writer', world.database),
      WRONG_URL: postgres.url('reader', world.database).replace(/:[^:@/]+@/, ':hunter2-wrong@'),
    }
    const rest = ['--data-dir', join(home, 'data'), '-w', join(home, 'here')]
    begin = (...args) => spawn(process.execPath, [script, ...args, ...rest], { env, stdio: 'ignore' })
    rundesk = (...args) =>
      promisify(execFile)(process.execPath, [script, ...args, ...rest], { env }).then(
        ({ stdout, stderr }) => ({ code: 0, text: stdout, errors: stderr }),
        ({ code, stdout, stderr }) => ({ code, text: stdout, errors: stderr }),
      )
    const added = await rundesk('sources', 'add', 'Production', '--env', 'READ_URL', '--write-env', 'WRITE_URL')
    expect(added).toMatchObject({ code: 0, errors: '' })
  })
  afterAll(async () => {
    await world.close()
    await postgres.close()
    await rm(home, { recursive: true, force: true })
  })

  const ask = async (...args: readonly string[]) => {
    const { code, text, errors } = await rundesk(...args, '--json')
    return { code, answer: text === '' ? null : JSON.parse(text), errors }
  }
  const on = (...args: readonly string[]) => ask(...args, '--source', 'production')
  /** A run that waits in its second step until `open` is among the faults. */
  const makeGoing = async (id: string): Promise<string> => {
    worker.setFaults()
    await worker.start('three', id, { args: [600_000] })
    await eventually('it is in its second step', () => worker.timesRan(id, 'second') >= 1)
    return id
  }
  const makeFailed = async (id: string): Promise<string> => {
    worker.setFaults('transform')
    await worker.start('pipeline', id)
    await world.becomes(id, 'ERROR')
    return id
  }

  test('sources are listed with workspaces, and no file of Rundesk holds a password', async () => {
    const { answer } = await ask('sources', 'list')
    const names = answer.sources.map(({ name, kind, access }: Record<string, string>) => [name, kind, access])
    expect(names).toEqual([
      ['here', 'relay', 'write'],
      ['Production', 'dbos', 'write'],
    ])
    const stored = await readFile(join(home, 'data', 'sources.json'), 'utf8')
    expect([stored.includes('READ_URL'), stored.includes('postgres')]).toEqual([true, false])
  })

  test('runs are listed newest first, by filters of the database, and one is shown with its steps', async () => {
    await makeFailed('cli-failed')
    await makeGoing('cli-going')
    const all = await on('runs', '--prefix', 'cli-')
    const failed = await on('runs', '--view', 'failed', '--prefix', 'cli-')
    const shown = await on('show', 'cli-fail')
    expect([
      all.answer.runs.map(({ id }: { id: string }) => id),
      failed.answer.runs.map(({ id, status }: { id: string; status: string }) => [id, status]),
      shown.answer.steps.map(({ name, phase }: { name: string; phase: string }) => [name, phase]),
    ]).toEqual([
      ['cli-going', 'cli-failed'],
      [['cli-failed', 'ERROR']],
      [
        ['fetch', 'completed'],
        ['transform', 'failed'],
      ],
    ])
    expect((await rundesk('show', 'cli-failed', '--source', 'Production')).text).toContain('transform')
  })

  test('a step that sleeps waits until its end, although the engine wrote it down as done', async () => {
    await worker.start('sleepy', 'napping', { args: [600_000] })
    const steps = async () => (await on('show', 'napping')).answer.steps as { name: string; phase: string }[]
    await expect.poll(steps).toMatchObject([{ phase: 'completed' }, { name: 'DBOS.sleep', phase: 'waiting' }])
    expect((await rundesk('show', 'napping', '--source', 'Production')).text).toMatch(/DBOS\.sleep +waits until \d{4}-/)
    expect((await on('cancel', 'napping', '--force')).code).toBe(0)
    expect((await steps()).map(({ phase }) => phase)).toEqual(['completed', 'completed'])
  })

  test('a cancel says what became of the run, and the second one changes nothing', async () => {
    const id = await makeGoing('cancel-me')
    const first = await on('cancel', id, '--force')
    const second = await on('cancel', id)
    expect([first.code, first.answer, second.code, second.answer]).toEqual([
      0,
      { cancelled: true, status: 'CANCELLED' },
      0,
      { cancelled: false, status: 'CANCELLED' },
    ])
    worker.setFaults('open')
    const resumed = await on('resume', id, '--force')
    expect([resumed.code, resumed.answer?.outcome]).toEqual([0, 'done'])
    await world.becomes(id, 'SUCCESS')
  })

  test('a failed run is not resumed but forked or rewound, after a plan', async () => {
    const id = await makeFailed('mend-me')
    const refused = await on('resume', id)
    const plan = await on('rewind', id, '--from', 'transform', '--plan')
    worker.setFaults()
    const forked = await on('fork', id, '--from', 'transform')
    await world.becomes(forked.answer.newRunId, 'SUCCESS')
    const asked = await on('rewind', id, '--from', 'transform')
    const rewound = await on('rewind', id, '--from', 'transform', '--force')
    expect([asked.code, asked.errors.includes('--force'), rewound.code]).toEqual([4, true, 0])
    await world.becomes(id, 'SUCCESS')
    expect([refused.code, refused.answer, plan.answer.steps.map(({ will }: { will: string }) => will)]).toEqual([
      4,
      null,
      ['keep', 'drop'],
    ])
    expect([forked.code, worker.timesRan(id, 'fetch'), worker.timesRan(id, 'transform')]).toEqual([0, 1, 2])
    expect([worker.timesRan(forked.answer.newRunId, 'fetch'), refused.errors]).toEqual([
      0,
      expect.stringContaining('rewind'),
    ])
  })

  test('many are acted on together, each is told, and the ledger keeps it', async () => {
    const ids = [await makeGoing('many-1'), await makeGoing('many-2')]
    const plan = await on('bulk', 'cancel', '--view', 'going', '--prefix', 'many-', '--plan')
    const done = await on('bulk', 'cancel', '--view', 'going', '--prefix', 'many-', '--force', '--reason', 'a test')
    const kept = await ask('sources', 'operations')
    expect([
      plan.answer.total,
      done.code,
      done.answer.items.map(({ outcome }: { outcome: string }) => outcome),
    ]).toEqual([2, 0, ['done', 'done']])
    expect(kept.answer.operations).toMatchObject([{ act: 'cancel', reason: 'a test', state: 'ended', total: 2 }])
    for (const id of ids) await world.becomes(id, 'CANCELLED')
  })

  test('a bulk resume that is killed goes on, and no run is run twice', async () => {
    worker.setFaults()
    const ids = Array.from({ length: 24 }, (_, number) => `buried-${number}`)
    await Promise.all(ids.map((id) => worker.start('pipeline', id)))
    for (const id of ids) await world.becomes(id, 'SUCCESS')
    await world.sql("delete from dbos.operation_outputs where workflow_uuid like 'buried-%'")
    await world.sql(
      "update dbos.workflow_status set status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED' where workflow_uuid like 'buried-%'",
    )
    const killed = begin('bulk', 'resume', '--view', 'dead-lettered', '--source', 'Production')
    const ledger = join(home, 'data', 'sources', 'ledger.jsonl')
    const told = async (): Promise<readonly string[]> =>
      (await readFile(ledger, 'utf8')).split('\n').filter((line) => /"outcome".*"buried-/.test(line))
    await eventually('some runs were resumed', async () => (await told()).length >= 5)
    killed.kill('SIGKILL')
    await once(killed, 'close')
    const atKill = (await told()).length
    const { answer } = await ask('sources', 'operations')
    const [{ id: operationId, state }] = answer.operations
    const went = await ask('sources', 'continue', operationId)
    for (const id of ids) await world.becomes(id, 'SUCCESS')
    const times = new Set(ids.map((id) => worker.timesRan(id, 'fetch')))
    expect([state, atKill < ids.length, went.code, went.answer.operation.counts.done, times]).toEqual([
      'interrupted',
      true,
      0,
      ids.length,
      new Set([2]), // Once before it was buried, and once since.
    ])
  })

  test('what a source does not know is said in words, with exit code 4', async () => {
    const asked = [
      ['logs', 'cli-failed'],
      ['rollback', 'cli-failed'],
      ['start', 'flow.yaml'],
      ['runs', '--search', 'text'],
      ['runs', '--liveness', 'live'],
      ['runs', '--unsaved'],
      ['runs', '--failures'],
      ['mark-failed', 'cli-failed', '--reason', 'gone'],
      ['show', 'no-such-run'],
    ]
    const codes: (readonly [number, boolean])[] = []
    for (const args of asked) {
      const { code, errors } = await rundesk(...args, '--source', 'Production')
      codes.push([code, /^rundesk: .{20,}/.test(errors) && !errors.includes(' at ')])
    }
    expect(codes).toEqual(asked.map(() => [4, true]))
  })

  test('the name of a workspace narrows a command to it; an unknown name is told with those there are', async () => {
    const local = await ask('runs', '--source', 'here')
    const unknown = await rundesk('runs', '--source', 'nowhere')
    const onlyRemote = await rundesk('runs', '--view', 'failed')
    expect([
      local.answer.runs.map(({ workflowName }: { workflowName: string }) => workflowName),
      unknown,
      onlyRemote,
    ]).toEqual([
      ['local'],
      { code: 4, text: '', errors: 'rundesk: There is no source "nowhere". There are: here, Production\n' },
      { code: 2, text: '', errors: 'rundesk: --view narrows the runs of a source: name one with --source.\n' },
    ])
  })

  test('a wrong password is told in words that do not hold it, and one in an address is refused', async () => {
    const wrong = await rundesk('sources', 'add', 'Wrong', '--env', 'WRONG_URL')
    const listed = await rundesk('runs', '--source', 'Wrong')
    const inUrl = await rundesk('sources', 'add', 'Other', '--url', 'postgres://reader:hunter2@127.0.0.1/app')
    const removed = await rundesk('sources', 'remove', 'Wrong')
    expect([wrong.code, listed.code, inUrl.code, removed.code]).toEqual([3, 3, 2, 0])
    const said = [wrong, listed, inUrl, removed].map(({ text, errors }) => text + errors).join('')
    expect([said.includes('hunter2'), said.includes('wrong-password'), removed.text.includes('Wrong')]).toEqual([
      false,
      true,
      false,
    ])
  })
})
