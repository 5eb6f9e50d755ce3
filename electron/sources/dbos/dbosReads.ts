import type { SourceRun, SourceRunQuery, SourceStepPage } from '../../../shared/sourceRuns'
import type { RunSource } from '../source'
import { cutText } from '../sourceText'
import type { DbosEngine } from './dbosEngine'
import type { DbosQuery, DbosWorkflow } from './dbosQuery'
import { type RowContext, toSourceRun, toSourceRunDetail, toSourceStep } from './dbosRows'
import { errorMessage, errorText, readableValue } from './plainValue'

/** Values up to this size are parsed and laid out; longer ones are shown as they are stored. */
const readableBytes = 256 * 1024
const versionsForMs = 10_000
const mostNewRuns = 100

/** What a source reads with one engine, in the words of sources. */
export interface DbosReads {
  readonly runs: (engine: DbosEngine, query: SourceRunQuery, signal: AbortSignal) => Promise<Page>
  /** Null when there is no such run. */
  readonly run: (engine: DbosEngine, runId: string, signal?: AbortSignal) => Promise<FoundRun | null>
  readonly steps: (
    engine: DbosEngine,
    asked: Parameters<RunSource['steps']>[0],
    signal?: AbortSignal,
  ) => Promise<Omit<SourceStepPage, 'revision'> | null>
  readonly payload: (
    engine: DbosEngine,
    asked: Parameters<RunSource['payload']>[0],
    signal: AbortSignal,
  ) => ReturnType<RunSource['payload']>
}

type Page = Omit<Awaited<ReturnType<RunSource['runs']>>, 'revision'>
type FoundRun = NonNullable<Awaited<ReturnType<RunSource['run']>>>

/** `readOnly` tells why no act is possible, or null. */
export function createDbosReads({
  sourceId,
  readOnly,
}: {
  readonly sourceId: string
  readonly readOnly: () => string | null
}): DbosReads {
  let versions: Pick<RowContext, 'latest' | 'versions'> = { latest: new Map(), versions: new Set() }
  let versionsAtMs = Number.NEGATIVE_INFINITY
  /** Errors of failed runs by id and version: they do not change. */
  const errors = new Map<string, string | null>()

  async function context(
    engine: DbosEngine,
    found: readonly DbosWorkflow[],
    signal?: AbortSignal,
  ): Promise<RowContext> {
    const isStale = performance.now() - versionsAtMs > versionsForMs
    if (isStale && found.some(({ status }) => status === 'ENQUEUED')) {
      versions = toVersions(await engine.versions(signal))
      versionsAtMs = performance.now()
    }
    return { sourceId, readOnly: readOnly(), ...versions, nowMs: Date.now() }
  }

  /** In one statement for all failed runs that are not known yet. */
  async function errorsOf(
    engine: DbosEngine,
    found: readonly DbosWorkflow[],
    signal?: AbortSignal,
  ): Promise<(one: DbosWorkflow) => string | null> {
    const keyOf = ({ workflowID, updatedAt }: DbosWorkflow): string => `${updatedAt} ${workflowID}`
    const failed = found.filter(({ status }) => status === 'ERROR')
    const missing = failed.filter((one) => !errors.has(keyOf(one)))
    if (missing.length > 0) {
      const rows = await engine.ask('errors', [missing.map(({ workflowID }) => workflowID)], signal)
      const byId = new Map(rows.map((row) => [row.workflow_uuid, row.error]))
      if (errors.size > 2_000) errors.clear()
      for (const one of missing) {
        const stored = byId.get(one.workflowID)
        errors.set(keyOf(one), typeof stored === 'string' ? errorMessage(stored) : null)
      }
    }
    return (one) => errors.get(keyOf(one)) ?? null
  }

  async function toRuns(
    engine: DbosEngine,
    found: readonly DbosWorkflow[],
    signal?: AbortSignal,
  ): Promise<SourceRun[]> {
    const errorOf = await errorsOf(engine, found, signal)
    const read = await context(engine, found, signal)
    return found.map((one) => toSourceRun(one, read, errorOf(one)))
  }

  return {
    runs: async (engine, query, signal) => {
      const heldMs = toHeldMs(query.held)
      const wanted = await toQuery(engine, { ...query, heldMs }, signal)
      const asOf = new Date().toISOString()
      if (wanted === null) return { rows: [], more: false, total: 0, newRuns: 0, held: query.held ?? noneHeld, asOf }
      const found = await engine.list({ ...wanted, limit: query.limit + 1 }, signal)
      return {
        rows: await toRuns(engine, found.slice(0, query.limit), signal),
        more: found.length > query.limit,
        total: null,
        newRuns: heldMs === null || query.offset > 0 ? null : await countNew(engine, { query, wanted, heldMs }, signal),
        held: `${heldWord}${heldMs ?? found[0]?.createdAt ?? 0}`,
        asOf,
      }
    },
    run: async (engine, runId, signal) => {
      const found = await engine.get(runId, signal)
      const [run] = found ? await toRuns(engine, [found], signal) : []
      return found && run ? toSourceRunDetail(run, found) : null
    },
    steps: async (engine, { runId, offset, limit }, signal) => {
      const rows = await engine.ask('steps', [runId, limit + 1, offset], signal)
      if (rows.length === 0) return null
      const steps = rows
        .filter(({ function_id: id }) => id !== null)
        .map((row) => toSourceStep(row, typeof row.error === 'string' ? errorMessage(row.error) : null))
      return {
        steps: steps.slice(0, limit),
        more: steps.length > limit,
        total: null,
        note: 'DBOS tells of a step when it has ended: which one runs now, and how often one was tried, is not known.',
        asOf: new Date().toISOString(),
      }
    },
    payload: async (engine, { runId, stepId, part, maxBytes }, signal) => {
      const head = Math.max(maxBytes, readableBytes)
      const rows =
        stepId === null
          ? await engine.ask('runPayload', [runId, head, part], signal)
          : await engine.ask('stepPayload', [runId, head, part, toFunctionId(stepId)], signal)
      const [row] = rows
      if (!row) return null
      if (typeof row.text !== 'string') return { text: null, isJson: false, bytes: 0, cut: false }
      const bytes = Number(row.bytes)
      if (bytes > readableBytes)
        return { ...cutText(row.text, { maxBytes, isJson: false }), bytes, cut: bytes > maxBytes }
      const asError = part === 'error' ? errorText(row.text) : null
      const { text, isJson } = asError === null ? readableValue(row.text) : { text: asError, isJson: false }
      return cutText(text, { maxBytes, isJson })
    },
  }
}

/** A step's id as the engine counts; one that is no number names no step. */
function toFunctionId(stepId: string): number {
  return /^\d{1,9}$/.test(stepId) ? Number(stepId) : -1
}

function toVersions(found: Awaited<ReturnType<DbosEngine['versions']>>): Pick<RowContext, 'latest' | 'versions'> {
  // Newest first, so that the last one set is the newest.
  const latest = new Map([...found].reverse().map(({ name, application }) => [application, name]))
  return { latest, versions: new Set(found.map(({ name }) => name)) }
}

/** A list is held by the time that its newest run was created at: later ones are not part of it. */
const heldWord = 'until-'
const noneHeld = `${heldWord}0`

function toHeldMs(held: string | undefined): number | null {
  const ms = held?.startsWith(heldWord) ? Number(held.slice(heldWord.length)) : Number.NaN
  return Number.isSafeInteger(ms) && ms >= 0 ? ms : null
}

/** So many runs fit that were created after those that are held, as far as they are counted. */
async function countNew(
  engine: DbosEngine,
  { query, wanted, heldMs }: { readonly query: SourceRunQuery; readonly wanted: DbosQuery; readonly heldMs: number },
  signal: AbortSignal,
): Promise<number> {
  const from = [isoOf(heldMs + 1), wanted.from ?? ''].sort().at(-1)
  const span = { from, to: endOf(query.where.to) }
  const found = await engine.list({ ...wanted, ...span, offset: 0, limit: mostNewRuns }, signal)
  return found.length
}

/** The question in the words of the client; null when nothing can fit. */
async function toQuery(
  engine: DbosEngine,
  { view, where, heldMs, offset, limit }: SourceRunQuery & { readonly heldMs: number | null },
  signal: AbortSignal,
): Promise<DbosQuery | null> {
  const { statuses: chosen, applicationVersion, from, to, search: _, ...same } = where
  const ends = [heldMs === null ? undefined : isoOf(heldMs), endOf(to)].filter((end) => end !== undefined)
  const statuses = bothOf(viewStatuses[view], chosen)
  const waiting = view === 'waiting-for-worker' ? await outrunVersions(engine, signal) : undefined
  const versions = bothOf(waiting, applicationVersion === undefined ? undefined : [applicationVersion])
  if (statuses?.length === 0 || versions?.length === 0) return null
  return {
    ...same,
    ...(statuses ? { statuses } : {}),
    ...(versions ? { applicationVersions: versions } : {}),
    from: from === undefined ? undefined : isoOf(Date.parse(from)),
    to: ends.sort()[0],
    offset,
    limit,
  }
}

const isoOf = (ms: number): string => new Date(ms).toISOString()

/** The last moment before a time, as the client takes it, in UTC. */
function endOf(to: string | undefined): string | undefined {
  return to === undefined ? undefined : isoOf(Date.parse(to) - 1)
}

const viewStatuses: Readonly<Record<SourceRunQuery['view'], readonly string[] | undefined>> = {
  all: undefined,
  going: ['PENDING', 'ENQUEUED', 'DELAYED'],
  failed: ['ERROR'],
  'dead-lettered': ['MAX_RECOVERY_ATTEMPTS_EXCEEDED'],
  'waiting-for-worker': ['ENQUEUED'],
}

/** Versions that waiting work needs and that are no application's newest. */
async function outrunVersions(engine: DbosEngine, signal: AbortSignal): Promise<readonly string[]> {
  const rows = await engine.ask('waitingVersions', [], signal)
  const newest = new Set(toVersions(await engine.versions(signal)).latest.values())
  return rows.map(({ version }) => String(version)).filter((version) => !newest.has(version))
}

function bothOf(
  left: readonly string[] | undefined,
  right: readonly string[] | undefined,
): readonly string[] | undefined {
  return left && right ? left.filter((each) => right.includes(each)) : (left ?? right)
}
