import { randomUUID } from 'node:crypto'
import { RundeskError } from '../../../shared/outcome'
import type { ActResult } from '../../../shared/sourceActs'
import type { SourceRunDetail } from '../../../shared/sourceRuns'
import { permit } from '../permit'
import type { AskedAct } from '../source'
import type { DbosEngine } from './dbosEngine'
import { mostPlannedSteps, startStepOf } from './dbosPlan'
import type { DbosReads } from './dbosReads'
import { lockedVersion } from './dbosRows'
import type { DbosSession } from './dbosSession'

/** Acts on a run that was seen, and tells by reading again what became of it. */
export async function actOnDbosRun(
  asked: AskedAct,
  {
    reading,
    writing,
    reads,
    signal,
  }: {
    readonly reading: DbosSession
    readonly writing: DbosSession | null
    readonly reads: DbosReads
    readonly signal: AbortSignal
  },
): Promise<ActResult> {
  const read = (runId: string, until?: AbortSignal): Promise<SourceRunDetail | null> =>
    reading.use((engine) => reads.run(engine, runId, until), until)
  const before = await read(asked.runId, signal)
  if (!before)
    throw new RundeskError('not_found', `There is no run ${JSON.stringify(asked.runId)}. It may have been deleted.`)
  if (before.version !== asked.version) return changed(before)
  permit(before.acts[asked.act], asked.confirmed)
  if (!writing) throw new RundeskError('refused', 'This source only reads.')
  const start = await startStep(before, { asked, reading, reads, signal })
  const newRunId = asked.act === 'fork' ? randomUUID() : null
  const happened = await send(asked, { writing, start, newRunId })
  if (happened === 'changed') return changed(await read(asked.runId))
  const after = await read(newRunId ?? asked.runId).catch(() => undefined)
  if (happened === 'done') return done(before, { after, newRunId })
  const isSeen = after ? newRunId !== null || isDone(asked.act, before, after) : false
  return isSeen ? done(before, { after, newRunId }) : unconfirmed(happened, after)
}

async function startStep(
  run: SourceRunDetail,
  {
    asked,
    reading,
    reads,
    signal,
  }: {
    readonly asked: AskedAct
    readonly reading: DbosSession
    readonly reads: DbosReads
    readonly signal: AbortSignal
  },
): Promise<number> {
  if (asked.act !== 'fork' && asked.act !== 'rewind') return 0
  const page = await reading.use(
    (engine) => reads.steps(engine, { runId: run.id, offset: 0, limit: mostPlannedSteps }, signal),
    signal,
  )
  const recorded = page ?? { steps: [], more: false }
  return startStepOf(run, { steps: recorded.steps, fromStep: asked.fromStep, cut: recorded.more })
}

type Happened = 'done' | 'changed' | Error

/** Gives the trouble where it cannot be told whether the server did it. Throws where it surely did not. */
async function send(
  { act, runId, version }: AskedAct,
  {
    writing,
    start,
    newRunId,
  }: { readonly writing: DbosSession; readonly start: number; readonly newRunId: string | null },
): Promise<Happened> {
  const isAsSeen = (row: Readonly<Record<string, unknown>>): boolean => lockedVersion(row) === version
  let isSent = false
  const work: Parameters<DbosEngine['actIf']>[2] = async (client) => {
    isSent = true
    switch (act) {
      case 'cancel':
        return await client.cancelWorkflow(runId)
      case 'resume':
        return await client.resumeWorkflow(runId)
      case 'rewind':
        return await client.rewindWorkflow(runId, { startStep: start })
      case 'fork':
        return await client.forkWorkflow(runId, start, newRunId === null ? {} : { newWorkflowID: newRunId })
      case 'rerun':
      case 'mark-failed':
        throw new RundeskError('not_supported', `DBOS knows no ${act}.`)
    }
  }
  try {
    return (await writing.use((engine) => engine.actIf(runId, isAsSeen, work))) ? 'done' : 'changed'
  } catch (error) {
    const isRefused = !(error instanceof RundeskError) || error.code !== 'unreachable'
    if (!isSent || isRefused) throw error
    return error
  }
}

function isDone(act: AskedAct['act'], before: SourceRunDetail, after: SourceRunDetail): boolean {
  if (after.version === before.version) return false
  return act === 'cancel' ? after.status === 'CANCELLED' : after.phase === 'waiting' || after.phase === 'running'
}

function changed(run: SourceRunDetail | null): ActResult {
  const message = run
    ? `It changed meanwhile and is ${run.status} now, so nothing was done.`
    : 'It was deleted meanwhile, so nothing was done.'
  return { outcome: 'changed', message, run, newRunId: null }
}

function unconfirmed(error: Error, run: SourceRunDetail | null | undefined): ActResult {
  const now = run ? ` It is ${run.status} now.` : ''
  const message = `${error.message} Whether it was done cannot be told.${now} Look again before you repeat it.`
  return { outcome: 'unconfirmed', message, run: run ?? null, newRunId: null }
}

function done(
  before: SourceRunDetail,
  { after, newRunId }: { readonly after: SourceRunDetail | null | undefined; readonly newRunId: string | null },
): ActResult {
  return { outcome: 'done', message: becameWords(before, { after, newRunId }), run: after ?? null, newRunId }
}

function becameWords(
  before: SourceRunDetail,
  { after, newRunId }: { readonly after: SourceRunDetail | null | undefined; readonly newRunId: string | null },
): string {
  if (!after) return 'It was done, but the run could not be read again.'
  if (newRunId !== null) return `Run ${newRunId} goes on from there; it is ${after.status} now.`
  if (after.status !== 'CANCELLED') return [`It is ${after.status} now.`, after.note ?? ''].join(' ').trim()
  const may =
    before.status === 'PENDING' ? ' A step whose body runs now runs to its end, and its result is dropped.' : ''
  return `It is cancelled.${may}`
}
