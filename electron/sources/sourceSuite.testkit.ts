import { setMaxListeners } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toFailure } from '../../shared/outcome'
import { sourceFilters, sourceViews } from '../../shared/sourceFilters'
import {
  type SourceAct,
  type SourcePhase,
  type SourceRun,
  type SourceRunQuery,
  sourceActs,
  sourceRunDetailSchema,
  sourceRunPageSchema,
  sourceStepPageSchema,
} from '../../shared/sourceRuns'
import type { AskedAct, RunSource } from './source'

/** A source under test, with what happens to its runs outside of it. */
export interface SourceWorld {
  readonly source: RunSource
  /**
   * Makes a run that is so. Its workflow has steps `first`, `second` and `third`; a failed one failed in `second`, a running
   * one is in `second`. `first` gives `{"text":"käse"}` or that as text.
   */
  readonly make: (phase: SourcePhase, given?: { readonly workflowName?: string }) => Promise<string>
  /** Another program cancels the run. */
  readonly cancelElsewhere: (runId: string) => Promise<void>
  /** Another program deletes the run; undefined where that cannot be. */
  readonly removeElsewhere?: (runId: string) => Promise<void>
  /** What failed in the run, or is waited for in it, works from now on, also in its forks. */
  readonly mend: (runId: string) => Promise<void>
  /** Resolves when the run, which goes on, has ended. */
  readonly finish: (runId: string) => Promise<void>
  /** The same runs over a connection that only reads; undefined where there is none. */
  readonly readOnly?: () => RunSource
  readonly close: () => Promise<void>
}

const signal = new AbortController().signal
setMaxListeners(0, signal)
const query = (more: Partial<SourceRunQuery> = {}): SourceRunQuery => ({
  view: 'all',
  where: {},
  offset: 0,
  limit: 50,
  ...more,
})

/** What every source must keep. `phases` are those that its world can make; all tests share one world. */
export function testSource(
  name: string,
  open: () => Promise<SourceWorld>,
  { phases }: { readonly phases: readonly SourcePhase[] },
): void {
  describe(`a source over ${name}`, () => {
    let world: SourceWorld
    let source: RunSource
    beforeAll(async () => {
      world = await open()
      source = world.source
    })
    afterAll(() => world.close())

    const get = async (runId: string): Promise<SourceRun> => {
      const run = await source.run(runId, signal)
      if (!run) throw new Error(`No run ${runId}`)
      return run
    }
    const ask = async (runId: string, act: SourceAct, more: Partial<AskedAct> = {}): Promise<AskedAct> => ({
      ...{ runId, act, version: (await get(runId)).version, confirmed: false, reason: 'a test' },
      ...more,
    })
    /** What an act came to: its result, or the failure that it threw. */
    const tryAct = async (runId: string, act: SourceAct, more: Partial<AskedAct> = {}) =>
      source.act(await ask(runId, act, more), signal).catch((error: unknown) => toFailure(error))
    /** A new run for which an act is allowed at once; undefined where no phase allows it. */
    const makeFor = async (act: SourceAct): Promise<SourceRun | undefined> => {
      for (const phase of phases) {
        const run = await get(await world.make(phase))
        if (run.acts[act].kind === 'allowed') return run
      }
      return undefined
    }

    test('it says what can be asked of it, and nothing else is answered', async () => {
      const { statuses, views, filters } = source.describe()
      const value = { statuses: [statuses[0] ?? ''], from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }
      const asked = await Promise.all([
        ...sourceViews.map((view) =>
          source.runs(query({ view }), signal).then(Boolean, (error) => toFailure(error).code),
        ),
        ...sourceFilters.map((part) =>
          source
            .runs(
              query({ where: { [part]: 'x', ...(part in value ? { [part]: value[part as 'from'] } : {}) } }),
              signal,
            )
            .then(Boolean, (error) => toFailure(error).code),
        ),
      ])
      expect(asked).toEqual([
        ...sourceViews.map((view) => views.includes(view) || 'not_supported'),
        ...sourceFilters.map((part) => filters.includes(part) || 'not_supported'),
      ])
      expect([statuses.length > 0, views.includes('all')]).toEqual([true, true])
    })

    test('what is not there is told as gone, and nothing can be done to it', async () => {
      const runId = 'ffffffffffffffffffffffff'
      const act = { runId, act: 'cancel', version: '', confirmed: true } as const
      expect([
        await source.run(runId, signal),
        await source.steps({ runId, offset: 0, limit: 10 }, signal),
        await source.payload({ runId, stepId: null, part: 'error', maxBytes: 10 }, signal),
        await source.planAct({ runId, act: 'cancel' }, signal).catch((error) => toFailure(error).code),
        await source.act(act, signal).catch((error) => toFailure(error).code),
      ]).toEqual([null, null, null, 'not_found', 'not_found'])
    })

    test('pages of a list neither repeat nor leave out a run, while new ones come', async () => {
      for (let number = 0; number < 3; number++) await world.make('completed', { workflowName: 'paged' })
      const where = { workflowName: 'paged' }
      const first = await source.runs(query({ where, limit: 2 }), signal)
      await world.make('completed', { workflowName: 'paged' })
      const second = await source.runs(query({ where, limit: 2, offset: 2, held: first.held }), signal)
      const again = await source.runs(query({ where }), signal)
      const ids = [...first.rows, ...second.rows].map(({ id }) => id)
      expect([ids, first.more, second.more, again.rows.length]).toEqual([
        again.rows.slice(1).map(({ id }) => id),
        true,
        false,
        4,
      ])
      const times = again.rows.map(({ createdAt }) => Date.parse(createdAt ?? ''))
      expect(times).toEqual(times.toSorted((left, right) => right - left))
    })

    test('rows, details and steps are what the contract says, and a row tells what the detail does', async () => {
      for (const phase of phases) await world.make(phase)
      const page = await source.runs(query(), signal)
      expect(sourceRunPageSchema.parse(page)).toEqual(page)
      for (const row of page.rows.slice(0, phases.length)) {
        const run = await source.run(row.id, signal)
        expect(sourceRunDetailSchema.parse(run)).toEqual(run)
        const steps = await source.steps({ runId: row.id, offset: 0, limit: 10 }, signal)
        expect(sourceStepPageSchema.parse(steps)).toEqual(steps)
        const { id, status, phase, workflowName, createdAt } = row
        expect(run).toMatchObject({ id, status, phase, workflowName, createdAt })
      }
    })

    test.each(phases)('a %s run is found by its view, its name and its status', async (phase) => {
      const workflowName = `only ${phase}`
      const id = await world.make(phase, { workflowName })
      const run = await get(id)
      const { views } = source.describe()
      const found = async (more: Partial<SourceRunQuery>): Promise<boolean> =>
        (await source.runs(query({ where: { workflowName }, ...more }), signal)).rows.some((row) => row.id === id)
      const going = phase === 'running' || phase === 'waiting'
      expect({
        phase: run.phase,
        status: await found({ where: { workflowName, statuses: [run.status] } }),
        other: await found({ where: { workflowName: 'no such name' } }),
        going: await found({ view: 'going' }),
        failed: await found({ view: 'failed' }),
        dead: views.includes('dead-lettered') && (await found({ view: 'dead-lettered' })),
      }).toEqual({
        phase,
        status: true,
        other: false,
        going,
        failed: phase === 'failed',
        dead: phase === 'dead-lettered',
      })
    })

    test('steps come in their order and in pages, with what failed', async () => {
      const runId = await world.make('failed')
      const page = await source.steps({ runId, offset: 0, limit: 50 }, signal)
      const second = await source.steps({ runId, offset: 1, limit: 1 }, signal)
      const told = page?.steps.map(({ name, phase, error }) => [name, phase, error !== null])
      expect([told?.slice(0, 2), second?.steps, page?.more]).toEqual([
        [
          ['first', 'completed', false],
          ['second', 'failed', true],
        ],
        page?.steps.slice(1, 2),
        false,
      ])
    })

    test('a value is cut between two characters, and its whole size told', async () => {
      const runId = await world.make('completed')
      const [first] = (await source.steps({ runId, offset: 0, limit: 1 }, signal))?.steps ?? []
      const part = { runId, stepId: first?.id ?? '', part: 'output' } as const
      const whole = await source.payload({ ...part, maxBytes: 1_000 }, signal)
      const text = whole?.text ?? ''
      const cutAt = Buffer.byteLength(text.slice(0, text.indexOf('ä'))) + 1
      const cut = await source.payload({ ...part, maxBytes: cutAt }, signal)
      expect([text.includes('käse'), whole?.cut, cut]).toEqual([
        true,
        false,
        { ...whole, text: text.slice(0, text.indexOf('ä')), cut: true },
      ])
      expect(await source.payload({ ...part, stepId: 'no such step', maxBytes: 10 }, signal)).toBeNull()
    })

    test.each(phases)(
      'what a %s run does not offer is refused with the words of its row, and changes nothing',
      async (phase) => {
        const runId = await world.make(phase)
        const run = await get(runId)
        const offered: Partial<Record<SourceAct, unknown>> = {}
        const came: Partial<Record<SourceAct, unknown>> = {}
        for (const act of sourceActs) {
          const permission = run.acts[act]
          if (permission.kind === 'allowed') continue
          const failure = await tryAct(runId, act)
          const message = 'code' in failure ? failure.message.toLowerCase() : 'it was done'
          const words = permission.kind === 'confirm' ? permission.question : permission.reason
          offered[act] = [permission.kind === 'confirm' ? 'needs_confirmation' : 'refused', true]
          came[act] = ['code' in failure && failure.code, message.includes(words.toLowerCase().replace(/\.$/, ''))]
        }
        expect(came).toEqual(offered)
        const { version, status, completedAt } = await get(runId)
        expect({ version, status, completedAt }).toEqual({
          version: run.version,
          status: run.status,
          completedAt: run.completedAt,
        })
      },
    )

    test('a cancel is told by what became of the run; the next one changes nothing', async () => {
      const runId = await world.make('running')
      const plan = await source.planAct({ runId, act: 'cancel' }, signal)
      const result = await tryAct(runId, 'cancel', { confirmed: true })
      const before = await get(runId)
      const again = await tryAct(runId, 'cancel', { confirmed: true })
      const after = await get(runId)
      expect([plan.refused, result]).toMatchObject([null, { outcome: 'done', run: { phase: 'cancelled' } }])
      expect('outcome' in again ? again.outcome : again.code).toMatch(/^(nothing|refused)$/)
      expect(after.completedAt).toBe(before.completedAt)
    })

    test('who saw an older state of the run does nothing, and is told what it has become', async () => {
      const runId = await world.make('running')
      const asked = await ask(runId, 'cancel', { confirmed: true })
      await world.cancelElsewhere(runId)
      const before = await get(runId)
      const result = await source.act(asked, signal)
      expect(result).toMatchObject({ outcome: 'changed', run: { phase: 'cancelled' } })
      expect((await get(runId)).completedAt).toBe(before.completedAt)
    })

    test('of many who act on a run at once each is told the truth', async () => {
      const runId = await world.make('running')
      const asked = await ask(runId, 'cancel', { confirmed: true })
      const results = await Promise.all(Array.from({ length: 5 }, () => source.act(asked, signal).catch(toFailure)))
      const words = results.map((result) => ('outcome' in result ? result.outcome : result.code))
      expect((await get(runId)).phase).toBe('cancelled')
      expect(words).toContain('done')
      expect(words.filter((word) => !['done', 'nothing', 'changed', 'refused'].includes(word))).toEqual([])
    })

    test('a resumed run goes on to its end', async ({ skip }) => {
      const run = await makeFor('resume')
      if (!run) return skip('no phase can be resumed')
      await world.mend(run.id)
      const result = await tryAct(run.id, 'resume')
      expect(result).toMatchObject({ outcome: 'done' })
      await world.finish(run.id)
      expect((await get(run.id)).phase).toBe('completed')
    })

    test('a fork keeps what stands before its step and leaves the run as it was', async ({ skip }) => {
      const run = await makeFor('fork')
      if (!run) return skip('nothing can be forked')
      const steps = (await source.steps({ runId: run.id, offset: 0, limit: 10 }, signal))?.steps ?? []
      const fromStep = steps[1]?.id ?? ''
      const plan = await source.planAct({ runId: run.id, act: 'fork', fromStep }, signal)
      await world.mend(run.id)
      const result = await tryAct(run.id, 'fork', { fromStep })
      const newRunId = 'newRunId' in result ? (result.newRunId ?? '') : ''
      await world.finish(newRunId)
      const [forked, before] = [await get(newRunId), await get(run.id)]
      expect(plan).toMatchObject({ refused: null, version: run.version })
      expect(plan.steps.map(({ id, will }) => [id, will === 'keep']).slice(0, 2)).toEqual([
        [steps[0]?.id, true],
        [fromStep, false],
      ])
      expect([result, forked.phase, forked.forkedFrom, before.wasForkedFrom, before.status]).toMatchObject([
        { outcome: 'done' },
        'completed',
        run.id,
        true,
        run.status,
      ])
    })

    test.for(['rewind', 'rerun'] as const)('a %s runs the same run again from a step', async (act, { skip }) => {
      const run = await makeFor(act)
      if (!run) return skip(`no phase allows a ${act}`)
      const steps = (await source.steps({ runId: run.id, offset: 0, limit: 10 }, signal))?.steps ?? []
      const fromStep = steps[1]?.id ?? ''
      const plan = await source.planAct({ runId: run.id, act, fromStep }, signal)
      await world.mend(run.id)
      const result = await tryAct(run.id, act, { fromStep })
      await world.finish(run.id)
      expect(plan.steps.map(({ will }) => will === 'keep').slice(0, 2)).toEqual([true, false])
      expect([result, (await get(run.id)).phase]).toMatchObject([{ outcome: 'done' }, 'completed'])
    })

    test('a step that is not there is refused, and nothing is done', async ({ skip }) => {
      const run = await makeFor('fork')
      if (!run) return skip('nothing can be forked')
      const choice = { runId: run.id, act: 'fork', fromStep: 'no such step' } as const
      const planned = await source.planAct(choice, signal).catch((error) => toFailure(error).code)
      const result = await tryAct(run.id, 'fork', choice)
      expect([planned, 'code' in result && result.code]).toEqual(['not_found', 'not_found'])
      expect((await get(run.id)).wasForkedFrom).toBe(false)
    })

    test('what nobody waits for any more ends with the reason', async () => {
      const runId = await world.make('completed')
      const reason = new Error('nobody waits')
      const aborted = AbortSignal.abort(reason)
      const step = { runId, offset: 0, limit: 1 }
      const value = { runId, stepId: null, part: 'output', maxBytes: 1 } as const
      const results = await Promise.allSettled([
        source.runs(query(), aborted),
        source.run(runId, aborted),
        source.steps(step, aborted),
        source.payload(value, aborted),
        source.planAct({ runId, act: 'cancel' }, aborted),
      ])
      expect(results.map((result) => (result.status === 'rejected' ? result.reason : 'answered'))).toEqual(
        results.map(() => reason),
      )
    })

    test('who watches hears of a change, and who does not, hears nothing', async () => {
      const runId = await world.make('running')
      let heard = 0
      const unfollow = source.onChange(() => heard++)
      source.watch([{ kind: 'run', runId }])
      await get(runId)
      const before = source.revision()
      await world.cancelElsewhere(runId)
      await expect.poll(() => heard > 0 && source.revision() > before).toBe(true)
      source.watch([])
      unfollow()
    })

    test('a changed answer changes no later one', async () => {
      const runId = await world.make('completed')
      const [run, page] = [await source.run(runId, signal), await source.runs(query(), signal)]
      const words = JSON.stringify([await get(runId)])
      if (run) Object.assign(run, { status: 'spoilt' })
      for (const row of page.rows) Object.assign(row, { status: 'spoilt' })
      expect(JSON.stringify([await get(runId)])).toBe(words)
    })

    test('a run that is deleted is gone, not without steps', async ({ skip }) => {
      if (!world.removeElsewhere) return skip('runs of this source are not deleted')
      const runId = await world.make('completed')
      await world.removeElsewhere(runId)
      expect([await source.run(runId, signal), await source.steps({ runId, offset: 0, limit: 10 }, signal)]).toEqual([
        null,
        null,
      ])
    })

    test('over a connection that only reads everything is seen and nothing done, with the reason', async ({ skip }) => {
      const reading = world.readOnly?.()
      if (!reading) return skip('this source has no such connection')
      const runId = await world.make('running')
      const run = await reading.run(runId, signal)
      const kinds = new Set(Object.values(run?.acts ?? {}).map(({ kind }) => kind))
      const act = { runId, act: 'cancel', version: run?.version ?? '', confirmed: true } as const
      const failure = await reading.act(act, signal).catch(toFailure)
      await reading.close()
      expect([kinds, failure]).toMatchObject([new Set(['refused']), { code: 'refused' }])
      expect((await get(runId)).phase).toBe('running')
    })
  })
}
