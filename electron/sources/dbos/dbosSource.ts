import { RundeskError } from '../../../shared/outcome'
import { sourceFilters, sourceViews } from '../../../shared/sourceFilters'
import type { SavedSource, Source } from '../../../shared/sources'
import { refuseUnknown } from '../knownQuery'
import type { SecretStore } from '../secretStore'
import type { RunSource, SourceDescription } from '../source'
import type { PoolLimits } from './boundedPool'
import { actOnDbosRun } from './dbosAct'
import type { DbosEngine } from './dbosEngine'
import { mostPlannedSteps, planDbosAct } from './dbosPlan'
import type { DbosReads } from './dbosReads'
import { dbosPhases } from './dbosRows'
import { createDbosSession, type DbosSession } from './dbosSession'
import { createDbosWatch } from './dbosWatch'
import { knownSchema } from './knownSchema'

/** A connection within 4 s, an answer within 10; never more than 10 questions a second for each connection. */
const usualLimits: PoolLimits = { connectMs: 4_000, callMs: 10_000, maxConnections: 3, questionsPerSecond: 10 }

const knows: Source['knows'] = {
  attempts: false,
  runningStep: false,
  logs: false,
  totals: false,
  dependencies: false,
}

const views = [...sourceViews]
const filters = sourceFilters.filter((part) => part !== 'search')

/** A source over a DBOS system database, with the number of statements that it has sent. */
export interface DbosSource extends RunSource {
  readonly asked: () => number
}

/** Makes the source of a saved one: nothing is loaded and nothing connected before it is asked something. */
export function createDbosSource(
  saved: SavedSource,
  {
    secrets,
    env = process.env,
    limits = usualLimits,
  }: {
    readonly secrets: SecretStore
    readonly env?: Readonly<Record<string, string | undefined>>
    readonly limits?: PoolLimits
  },
): DbosSource {
  const listeners = new Set<() => void>()
  let revision = 0
  function changed(): void {
    revision++
    for (const listener of listeners) listener()
  }
  const options = { saved, secrets, env, limits, onChange: changed }
  const reading = createDbosSession('reading', options)
  const writing = saved.writing ? createDbosSession('writing', { ...options, onChange: changed }) : null
  const readOnly = (): string | null => readOnlyReason(reading, writing)
  let loaded: Promise<DbosReads> | undefined
  const load = (): Promise<DbosReads> => {
    loaded ??= import('./engineParts').then(({ createDbosReads }) => createDbosReads({ sourceId: saved.id, readOnly }))
    return loaded
  }
  const watch = createDbosWatch(reading, changed)
  const within = <T>(work: (reads: DbosReads, engine: DbosEngine) => Promise<T>, signal: AbortSignal): Promise<T> =>
    reading.use(async (engine) => await work(await load(), engine), signal)

  return {
    describe: () => toDescription(saved, { reading, writing, access: readOnly() === null ? 'write' : 'read' }),
    revision: () => revision,
    asked: () => reading.asked() + (writing?.asked() ?? 0),
    check: async (signal) => {
      // Troubles are told by `describe`.
      await Promise.allSettled([reading.renew(signal), writing?.renew(signal)])
      changed()
    },
    runs: async (query, signal) => {
      refuseUnknown(query, { views, filters, where: 'DBOS' })
      return { ...(await within((reads, engine) => reads.runs(engine, query, signal), signal)), revision }
    },
    run: (runId, signal) => within((reads, engine) => reads.run(engine, runId, signal), signal),
    steps: async (asked, signal) => {
      const page = await within((reads, engine) => reads.steps(engine, asked, signal), signal)
      return page && { ...page, revision }
    },
    payload: (asked, signal) => within((reads, engine) => reads.payload(engine, asked, signal), signal),
    planAct: async ({ runId, ...choice }, signal) =>
      await within(async (reads, engine) => {
        const run = await reads.run(engine, runId, signal)
        if (!run)
          throw new RundeskError('not_found', `There is no run ${JSON.stringify(runId)}. It may have been deleted.`)
        const page = await reads.steps(engine, { runId, offset: 0, limit: mostPlannedSteps }, signal)
        const isAboutExecutor = choice.act === 'resume' && run.status === 'PENDING' && run.executorId !== null
        const [row] = isAboutExecutor ? await engine.ask('executor', [run.executorId], signal) : []
        const executor = row ? { heard: row.heard, going: Number(row.going) } : null
        return planDbosAct(run, { choice, steps: page?.steps ?? [], cut: page?.more ?? false, executor })
      }, signal),
    act: async (asked, signal) => {
      const result = await actOnDbosRun(asked, { reading, writing, reads: await load(), signal })
      changed()
      return result
    },
    watch: watch.set,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      watch.close()
      await Promise.all([reading.close(), writing?.close()])
    },
  }
}

function readOnlyReason(reading: DbosSession, writing: DbosSession | null): string | null {
  if (!writing) return 'this source only reads: add a writing connection to it'
  const state = writing.state()
  if (state.kind === 'trouble') return `the writing connection does not work: ${state.message}`
  if (writing.facts()?.mayWrite === false) return 'the user of the writing connection may only read'
  const version = reading.facts()?.schemaVersion ?? 0
  if (version <= knownSchema.newest) return null
  return `the tables of DBOS have version ${version}, and Rundesk knows what it does up to ${knownSchema.newest} only: update Rundesk`
}

function toDescription(
  saved: SavedSource,
  {
    reading,
    writing,
    access,
  }: { readonly reading: DbosSession; readonly writing: DbosSession | null; readonly access: Source['access'] },
): SourceDescription {
  const facts = reading.facts()
  const [own, other] = [reading.state(), writing?.state()]
  const state =
    own.kind !== 'trouble' && other?.kind === 'trouble'
      ? { ...other, message: `The writing connection: ${other.message}` }
      : own
  return {
    where: reading.where() ?? whereSaid(saved),
    state,
    access,
    engine: facts && { version: `DBOS on ${facts.server}`, schema: String(facts.schemaVersion) },
    knows,
    statuses: Object.keys(dbosPhases),
    views,
    filters,
  }
}

/** Before anything was looked up. */
function whereSaid({ reading }: SavedSource): string {
  switch (reading.from) {
    case 'environment':
      return `$${reading.variable}`
    case 'service':
      return `service ${reading.service}`
    case 'server':
      return `${reading.host}:${reading.port}/${reading.database}`
  }
}
