import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ActResult } from '../../../shared/sourceActs'
import type { SourceAct, SourceRunDetail } from '../../../shared/sourceRuns'
import { eventually } from '../../files/temporaryFolder.testkit'
import type { DbosSource } from './dbosSource'
import { type DbosWorld, makeDbosWorld, signal, startServer } from './dbosWorld.testkit'
import type { TestPostgres } from './postgres.testkit'
import { postgresBinaries } from './postgresBinaries.testkit'
import type { Worker } from './startWorker.testkit'

const bin = postgresBinaries()

describe.skipIf(bin === undefined)('DBOS workflows, through the source', () => {
  let postgres: TestPostgres
  let world: DbosWorld
  let source: DbosSource
  let worker: Worker
  /** One database and one worker for all that leaves both as they were. */
  let shared: { readonly world: DbosWorld; readonly worker: Worker; readonly source: DbosSource }
  beforeAll(async () => {
    postgres = await startServer(bin)
    const first = await makeDbosWorld(postgres)
    shared = { world: first, worker: await first.worker(), source: first.source() }
  })
  afterAll(async () => {
    await shared?.world.close()
    await postgres?.close()
  })
  beforeEach(() => {
    world = shared.world
    worker = shared.worker
    source = shared.source
    worker.setFaults()
  })
  afterEach(async () => {
    if (world !== shared.world) await world.close()
  })
  /** A database without workers. */
  const ownWorld = async (): Promise<void> => {
    world = await makeDbosWorld(postgres)
    source = world.source()
  }

  const run = async (runId: string): Promise<SourceRunDetail> => {
    const found = await source.run(runId, signal)
    if (!found) throw new Error(`No run ${runId}`)
    return found
  }
  const steps = async (runId: string): Promise<readonly string[]> => {
    const page = await source.steps({ runId, offset: 0, limit: 100 }, signal)
    return (page?.steps ?? []).map(({ id, name, status }) => `${id} ${name} ${status}`)
  }
  /** Acts on the run as it is now. */
  const act = async (
    runId: string,
    name: SourceAct,
    { confirmed = false, fromStep }: { readonly confirmed?: boolean; readonly fromStep?: string } = {},
  ): Promise<ActResult> => {
    const { version } = await run(runId)
    return await source.act({ runId, act: name, version, confirmed, fromStep }, signal)
  }

  it('shows what succeeded: its steps in their order, with times and outputs', async () => {
    await worker.start('pipeline', 'good-1')
    await world.becomes('good-1', 'SUCCESS')
    const { status, phase, error, executorId, applicationVersion, completedAt, startedAt } = await run('good-1')
    expect({ status, phase, error, executorId, applicationVersion }).toEqual({
      status: 'SUCCESS',
      phase: 'completed',
      error: null,
      executorId: 'executor-1',
      applicationVersion: 'v1',
    })
    expect([startedAt, completedAt]).toEqual([expect.stringMatching(/Z$/), expect.stringMatching(/Z$/)])
    expect(await steps('good-1')).toEqual(['0 fetch SUCCESS', '1 transform SUCCESS', '2 publish SUCCESS'])
    const asked = { runId: 'good-1', maxBytes: 1_000 } as const
    expect(await source.payload({ ...asked, stepId: '0', part: 'output' }, signal)).toMatchObject({
      text: JSON.stringify({ rows: 12 }, null, 2),
      isJson: true,
      cut: false,
    })
    expect((await source.payload({ ...asked, stepId: null, part: 'output' }, signal))?.text).toBe('"publish done"')
    expect((await source.payload({ ...asked, stepId: null, part: 'input' }, signal))?.text).toBe('[]')
  })

  it('shows the step that failed, and forks the run from it once the fault is gone', async () => {
    worker.setFaults('transform')
    await worker.start('pipeline', 'bad-2')
    await world.becomes('bad-2', 'ERROR')
    const failed = await run('bad-2')
    expect([failed.phase, failed.error]).toEqual(['failed', 'transform was refused: HTTP 422'])
    expect(await steps('bad-2')).toEqual(['0 fetch SUCCESS', '1 transform ERROR'])
    expect(
      (await source.payload({ runId: 'bad-2', stepId: null, part: 'error', maxBytes: 9_999 }, signal))?.text,
    ).toMatch(/^Error: transform was refused: HTTP 422\n +at /)
    expect(failed.acts.resume).toMatchObject({ kind: 'refused', reason: expect.stringContaining('does not resume') })
    worker.setFaults()
    const plan = await source.planAct({ runId: 'bad-2', act: 'fork' }, signal)
    expect(plan.steps.map(({ name, will }) => [name, will])).toEqual([
      ['fetch', 'keep'],
      ['transform', 'run'],
    ])
    const { outcome, newRunId } = await act('bad-2', 'fork')
    expect(outcome).toBe('done')
    await world.becomes(newRunId ?? '', 'SUCCESS')
    expect((await run(newRunId ?? '')).forkedFrom).toBe('bad-2')
    expect((await run('bad-2')).wasForkedFrom).toBe(true)
    expect([worker.timesRan('bad-2', 'fetch'), worker.timesRan(newRunId ?? '', 'fetch')]).toEqual([1, 0])
  })

  it('refuses to begin at a step that is not recorded, at which the engine would copy the failure', async () => {
    worker.setFaults('transform')
    await worker.start('pipeline', 'bad-3')
    await world.becomes('bad-3', 'ERROR')
    await expect(source.planAct({ runId: 'bad-3', act: 'fork', fromStep: '99' }, signal)).rejects.toThrow('no step 99')
    await expect(act('bad-3', 'fork', { fromStep: '99' })).rejects.toThrow('no step 99')
    expect(await world.sql("select count(*) from dbos.workflow_status where forked_from = 'bad-3'")).toBe('0')
  })

  it('rewinds a failed run under its own id, after a question', async () => {
    worker.setFaults('transform')
    await worker.start('pipeline', 'bad-4')
    await world.becomes('bad-4', 'ERROR')
    worker.setFaults()
    await expect(act('bad-4', 'rewind')).rejects.toMatchObject({ code: 'needs_confirmation' })
    const plan = await source.planAct({ runId: 'bad-4', act: 'rewind', fromStep: '1' }, signal)
    expect(plan.steps.map(({ will }) => will)).toEqual(['keep', 'drop'])
    expect((await act('bad-4', 'rewind', { confirmed: true, fromStep: '1' })).outcome).toBe('done')
    await world.becomes('bad-4', 'SUCCESS')
    expect([worker.timesRan('bad-4', 'fetch'), worker.timesRan('bad-4', 'transform')]).toEqual([1, 2])
  })

  it('shows retries as the one row that they are', async () => {
    await worker.start('flaky', 'flaky-5', { args: [9] })
    await world.becomes('flaky-5', 'ERROR')
    expect([worker.timesRan('flaky-5', 'flaky'), await steps('flaky-5')]).toEqual([3, ['0 flaky ERROR']])
    expect((await run('flaky-5')).error).toContain('exceeded its maximum of 3 retries')
    const page = await source.steps({ runId: 'flaky-5', offset: 0, limit: 10 }, signal)
    expect([page?.steps[0]?.attempts, page?.note]).toEqual([null, expect.stringContaining('is not known')])
  })

  it('cancels between two steps, and resumes where it was', async () => {
    await worker.start('sleepy', 'sleepy-6', { args: [3_000] })
    await eventually('it sleeps', async () => (await steps('sleepy-6')).length === 2)
    const cancelled = await act('sleepy-6', 'cancel')
    expect([cancelled.outcome, cancelled.run?.status]).toEqual(['done', 'CANCELLED'])
    await expect(act('sleepy-6', 'cancel')).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('was cancelled'),
    })
    // The first execution sleeps on, and would wake up beside the second one.
    await expect(act('sleepy-6', 'resume')).rejects.toMatchObject({
      code: 'needs_confirmation',
      message: expect.stringContaining('executor-1 may not have noticed'),
    })
    await act('sleepy-6', 'resume', { confirmed: true })
    await world.becomes('sleepy-6', 'SUCCESS')
    expect([worker.timesRan('sleepy-6', 'before'), await steps('sleepy-6')]).toEqual([
      1,
      ['0 before SUCCESS', '1 DBOS.sleep SUCCESS', '2 after SUCCESS'],
    ])
  })

  it('says that a body goes on when its run is cancelled, and drops its result', async () => {
    await worker.start('longStep', 'long-7', { args: [1_500] })
    await eventually('its body runs', () => worker.timesRan('long-7', 'long') === 1)
    const { message } = await act('long-7', 'cancel')
    expect(message).toContain('runs to its end')
    await eventually('the body ends', () => worker.timesRan('long-7', 'long-end') === 1)
    expect([(await run('long-7')).status, await steps('long-7')]).toEqual(['CANCELLED', ['0 before SUCCESS']])
  })

  it('finds nothing to cancel in what has ended, and no run where there is none', async () => {
    await worker.start('pipeline', 'good-8')
    await world.becomes('good-8', 'SUCCESS')
    await expect(act('good-8', 'cancel')).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('succeeded'),
    })
    expect([
      await source.run('none', signal),
      await source.steps({ runId: 'none', offset: 0, limit: 1 }, signal),
    ]).toEqual([null, null])
    const unknown = { runId: 'none', act: 'cancel', version: '', confirmed: true } as const
    await expect(source.act(unknown, signal)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('asks for proof of a dead executor before a run that may be running is resumed', async () => {
    await ownWorld()
    worker = await world.worker({ executorId: 'first' })
    await worker.start('longStep', 'lost', { args: [600_000] })
    await eventually('its body runs', () => worker.timesRan('lost', 'long') === 1)
    await worker.kill()
    const second = await world.worker({ executorId: 'second' })
    const { status, note } = await run('lost')
    expect([status, note]).toEqual(['PENDING', expect.stringContaining('executor first')])
    await expect(act('lost', 'resume')).rejects.toMatchObject({
      code: 'needs_confirmation',
      message: expect.stringContaining('executor first (version v1)'),
    })
    const { says } = await source.planAct({ runId: 'lost', act: 'resume' }, signal)
    expect(says.join(' ')).toMatch(/sign of life.*1 runs that first may have is of \d{4}/)
    expect((await act('lost', 'resume', { confirmed: true })).outcome).toBe('done')
    await eventually('the other one has it', () => second.timesRan('lost', 'long') === 2)
    expect(second.ranBy('lost', 'long')).toEqual(['first', 'second'])
  })

  it('tells of a run whose code changed under it what the engine found', async () => {
    await ownWorld()
    worker = await world.worker()
    await worker.start('sleepy', 'sleepy', { args: [600_000] })
    await eventually('it sleeps', async () => (await steps('sleepy')).length === 2)
    await act('sleepy', 'cancel')
    await worker.kill()
    await world.worker({ changed: true })
    await act('sleepy', 'resume', { confirmed: true })
    await world.becomes('sleepy', 'ERROR')
    expect((await run('sleepy')).error).toContain('Check that your workflow is deterministic')
  })

  it('lists the dead-lettered by themselves, and resumes one', async () => {
    await ownWorld()
    worker = await world.worker()
    worker.setFaults('exit')
    await worker.start('crashing', 'crashing').catch(() => undefined)
    await worker.ended
    for (let life = 1; life < 3; life++) {
      const again = await world.worker().catch(() => null) // It recovers the run, and may end before it says a word.
      await again?.ended
    }
    const last = await world.worker()
    await world.becomes('crashing', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
    const dead = { view: 'dead-lettered', where: {}, offset: 0, limit: 10 } as const
    const [row] = (await source.runs(dead, signal)).rows
    expect([row?.id, row?.phase, row?.acts.resume.kind, row?.acts.cancel.kind]).toEqual([
      'crashing',
      'dead-lettered',
      'allowed',
      'allowed',
    ])
    last.setFaults()
    expect((await act('crashing', 'resume')).outcome).toBe('done')
    await world.becomes('crashing', 'SUCCESS')
    expect((await source.runs(dead, signal)).rows).toEqual([])
  })

  it('shows work that waits for a worker of another version as such', async () => {
    await ownWorld()
    const first = await world.worker({ version: 'v1' })
    await first.start('sleepy', 'blocks', { args: [600_000], queue: 'orders' })
    await world.becomes('blocks', 'PENDING')
    await first.start('pipeline', 'waits', { queue: 'orders' })
    await first.kill()
    await world.worker({ version: 'v2', executorId: 'second' })
    const waiting = { view: 'waiting-for-worker', where: {}, offset: 0, limit: 10 } as const
    const { rows } = await source.runs(waiting, signal)
    expect(rows.map(({ id, status, note, queueName }) => [id, status, note, queueName])).toEqual([
      ['waits', 'ENQUEUED', 'It needs a worker of version v1; the newest is v2.', 'orders'],
    ])
  })

  it('shows the runs that a run started, and an approval that it waits for', async () => {
    await worker.start('parent', 'parent', { args: [2] })
    await worker.start('approval', 'approval', { args: [600] })
    await world.becomes('parent', 'SUCCESS')
    const children = { view: 'all', where: { parentRunId: 'parent' }, offset: 0, limit: 10 } as const
    expect((await source.runs(children, signal)).rows.map(({ id }) => id).sort()).toEqual([
      'parent-child-0',
      'parent-child-1',
    ])
    const page = await source.steps({ runId: 'parent', offset: 0, limit: 10 }, signal)
    expect(page?.steps.flatMap(({ childRunId }) => childRunId ?? [])).toContain('parent-child-0')
    await eventually('it waits', async () => (await steps('approval')).length > 0)
    await worker.send('approval', 'yes', 'approval')
    await world.becomes('approval', 'SUCCESS')
    expect(await steps('approval')).toContain('3 act SUCCESS')
  })

  it('shows odd and big values as text, of a big one its beginning, and lists none of them', async () => {
    const kinds = ['date', 'map', 'set', 'bigint', 'nothing', 'notANumber', 'error', 'circular', 'markup', 'big']
    const told: string[] = []
    for (const kind of kinds) {
      await worker.start('values', `value-${kind}`, { args: [kind] })
      await world.becomes(`value-${kind}`, 'SUCCESS')
      const asked = { runId: `value-${kind}`, stepId: '0', part: 'output', maxBytes: 1_000 } as const
      const { text, bytes, cut } = (await source.payload(asked, signal)) ?? {}
      told.push(`${kind} ${bytes} ${cut} ${text?.replace(/\s+/g, ' ').slice(0, 60)}`)
    }
    expect(told).toEqual([
      'date 26 false "2026-01-02T03:04:05.678Z"',
      'map 57 false { "Map": [ [ "total", "12n" ] ] }',
      'set 39 false { "Set": [ "one", "two" ] }',
      'bigint 25 false "1180591620717411303424n"',
      'nothing 9 false undefined',
      'notANumber 5 false "NaN"',
      expect.stringContaining('"message": "kept, not thrown"'),
      expect.stringContaining('"self": "[circular]"'),
      expect.stringContaining('<img src=x onerror=alert(1)>'),
      expect.stringMatching(/^big 104858\d\d true \{"json":"x+$/),
    ])
    const { rows } = await source.runs({ view: 'all', where: { idPrefix: 'value-' }, offset: 0, limit: 50 }, signal)
    expect([rows.length, JSON.stringify(rows).length < 20_000]).toEqual([kinds.length, true])
    const like = { view: 'all', where: { idPrefix: 'value%' }, offset: 0, limit: 50 } as const
    expect((await source.runs(like, signal)).rows).toEqual([])
  })

  it('does nothing to a run that is no longer what was seen, and lets one of two callers win', async () => {
    await worker.start('sleepy', 'both-14', { args: [600_000] })
    await eventually('it sleeps', async () => (await steps('both-14')).length === 2)
    const { version } = await run('both-14')
    const others = [world.source(), world.source(), world.source()]
    const asked = { runId: 'both-14', act: 'cancel', version, confirmed: true } as const
    const results = await Promise.all(others.map((other) => other.act(asked, signal)))
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'changed', 'done'])
    expect(results.map((result) => result.run?.status)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED'])
    const cancelled = await run('both-14')
    const resumes = await Promise.all(
      others.map((other) => other.act({ ...asked, act: 'resume', version: cancelled.version }, signal)),
    )
    expect(resumes.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'changed', 'done'])
  })

  it('runs nothing twice when several resume a run at once beside a worker', async () => {
    for (const runId of ['resumed-1', 'resumed-2', 'resumed-3']) {
      worker.setFaults('transform')
      await worker.start('pipeline', runId)
      await world.becomes(runId, 'ERROR')
      worker.setFaults()
      // As a dead letter is: what ran stands, and the rest does not.
      await world.sql(
        `update dbos.workflow_status set status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED' where workflow_uuid = '${runId}'`,
      )
      await world.sql(`delete from dbos.operation_outputs where workflow_uuid = '${runId}' and function_id = 1`)
      await world.sql(`delete from dbos.workflow_output where workflow_uuid = '${runId}'`)
      const { version } = await run(runId)
      const asked = { runId, act: 'resume', version, confirmed: true } as const
      const results = await Promise.all([1, 2, 3, 4].map(() => world.source().act(asked, signal)))
      await world.becomes(runId, 'SUCCESS')
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'changed', 'changed', 'done'])
      expect(['fetch', 'transform', 'publish'].map((step) => worker.timesRan(runId, step))).toEqual([1, 2, 1])
    }
  })

  it('tells who cancels a run in the moment in which it ends what it became', async () => {
    for (let number = 0; number < 8; number++) {
      const runId = `close-${number}`
      await worker.start('longStep', runId, { args: [60 + number * 10] })
      const isThere = `select count(*) from dbos.workflow_status where workflow_uuid = '${runId}'`
      await eventually('it has begun', async () => (await world.sql(isThere)) === '1')
      const result = await act(runId, 'cancel').catch((error: Error) => error)
      await eventually('it has ended', async () => !['PENDING'].includes((await run(runId)).status))
      const { status } = await run(runId)
      const told = 'outcome' in result ? result.outcome : result.message
      expect([status, told]).toEqual(
        status === 'CANCELLED'
          ? ['CANCELLED', 'done']
          : ['SUCCESS', expect.stringMatching(/^(changed|It succeeded\.)$/)],
      )
    }
  })

  it('offers no act with a connection that only reads, and says what is missing', async () => {
    await worker.start('sleepy', 'sleepy-15', { args: [600_000] })
    await world.becomes('sleepy-15', 'PENDING')
    const reader = world.source({ writing: null })
    const read = await reader.run('sleepy-15', signal)
    expect(read?.acts.cancel).toEqual({
      kind: 'refused',
      reason: 'this source only reads: add a writing connection to it',
    })
    const asked = { runId: 'sleepy-15', act: 'cancel', version: read?.version ?? '', confirmed: true } as const
    await expect(reader.act(asked, signal)).rejects.toMatchObject({ code: 'refused' })
    const weak = world.source({ writing: 'reader' })
    await weak.check(signal)
    expect([weak.describe().access, (await weak.run('sleepy-15', signal))?.acts.cancel]).toEqual([
      'read',
      { kind: 'refused', reason: 'the user of the writing connection may only read' },
    ])
    expect((await run('sleepy-15')).status).toBe('PENDING')
  })
})
