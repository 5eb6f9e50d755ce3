import type { Happening, WatchedRun } from '../../shared/notices'
import { livenessOf } from '../../shared/rules/liveness'
import { scrubTokens } from '../../shared/rules/scrubTokens'
import { createBreath } from '../files/breath'
import type { RunNode } from '../runs/runIndex'
import type { RunStore } from '../runs/runStore'
import { causeOf } from './runCauses'

/** What is followed of a workspace. */
export interface FollowedStore {
  readonly workspaceId: string
  readonly workspaceName: string
  readonly store: Pick<RunStore, 'get' | 'runs' | 'onChange' | 'degraded' | 'owners'>
  /** Resolves when everything was read once: what was there then is no news. */
  readonly ready: Promise<void>
  readonly staleAfterMs: () => number
}

/** What a person hears of the runs of a workspace, found in what changes and never by looking through all of them. */
export interface RunAttention {
  /** Looks whether these runs have ended already. */
  readonly look: (runIds: readonly string[]) => void
  /** Resolves when all that changed so far was looked at. */
  readonly settled: () => Promise<void>
  readonly close: () => void
}

/** A failure is news for so long after the run ended, in ms. */
const newsMs = 3_600_000
const maxText = 1_000

/**
 * Follows a workspace: tells when a watched run has ended, when a run fails in a way that no run failed before, and when
 * rows cannot be saved. The earlier failures are looked through once, in slices, when the first new one comes.
 */
export function followRuns(
  { workspaceId, workspaceName, store, ready, staleAfterMs }: FollowedStore,
  {
    watched,
    onEnded,
    tell,
    onBug,
    clock = Date.now,
  }: {
    readonly watched: () => ReadonlyMap<string, WatchedRun>
    /** These runs need not be watched any more. */
    readonly onEnded: (runIds: readonly string[]) => void
    readonly tell: (happening: Happening) => void
    readonly onBug: (error: unknown) => void
    readonly clock?: () => number
  },
): RunAttention {
  let known: Set<string> | undefined
  let saved = true
  let working: Promise<void> = Promise.resolve()
  let closed = false

  const base = { workspaceId, workspaceName: workspaceName.slice(0, 500) }
  const lookAtDisk = (): void => {
    const degraded = store.degraded()
    if (degraded && saved) {
      const facts = {
        subject: null,
        runId: null,
        outcome: null,
        message: degraded.message.slice(0, maxText),
        cause: null,
        count: 1,
      }
      tell({ ...base, ...facts, kind: 'unsaved', key: `unsaved ${workspaceId}` })
    }
    saved = degraded === null
  }
  const outcomeOf = (node: RunNode): string | null => {
    const { status } = node.view
    const facts = { status, owner: store.owners.ownerOf(node.id), lastActivityMs: node.lastActivityMs }
    const { liveness } = livenessOf(facts, { nowMs: clock(), staleAfterMs: staleAfterMs() })
    if (liveness === null) return status
    return liveness === 'orphaned' ? 'orphaned' : null
  }
  const lookAtWatched = (runIds: Iterable<string>): ReadonlySet<string> => {
    const ended = new Set<string>()
    for (const runId of runIds) {
      const watch = watched().get(runId)
      const node = watch && store.get(runId)
      const outcome = node ? outcomeOf(node) : null
      if (!watch || !node || outcome === null) continue
      ended.add(runId)
      const which = watch.byHand ? runId : `${node.view.workflowName} ${outcome}`
      const key = `ended ${workspaceId} ${which}`.slice(0, 400)
      tell({ ...base, ...factsOf(node), outcome: outcome.slice(0, 64), kind: 'run-ended', key })
    }
    if (ended.size > 0) onEnded([...ended])
    return ended
  }
  const isNews = ({ view }: RunNode): boolean => {
    const endedMs = Date.parse(view.completedAt ?? view.updatedAt ?? '')
    return Math.abs(clock() - endedMs) < newsMs
  }
  const lookAtFailures = async (runIds: ReadonlySet<string>, told: ReadonlySet<string>): Promise<void> => {
    const breath = createBreath()
    for (const runId of runIds) {
      const pause = breath()
      if (pause) await pause
      const node = store.get(runId)
      if (node?.view.status !== 'failed') continue
      const cause = keyOf(node)
      if (!known && isNews(node)) known = await causesOf(store.runs(), runIds)
      if (!known || known.has(cause)) continue
      known.add(cause)
      if (told.has(runId) || !isNews(node) || closed) continue
      const key = `failure ${workspaceId} ${cause}`.slice(0, 400)
      tell({ ...base, ...factsOf(node), kind: 'new-failure', key })
    }
  }
  const next = (look: () => Promise<void> | void): void => {
    working = working.then(() => (closed ? undefined : look())).catch(onBug)
  }
  const stop = store.onChange((runIds) => {
    next(async () => {
      lookAtDisk()
      const own = watched()
      const told = own.size === 0 ? nobody : lookAtWatched(runIds.has('') ? [...own.keys()] : among(runIds, own))
      await lookAtFailures(runIds, told)
    })
  })
  next(() => ready)
  // What ended while nobody looked.
  next(() => {
    lookAtWatched([...watched().keys()])
    lookAtDisk()
  })

  return {
    look: (runIds) => next(() => void lookAtWatched(runIds)),
    settled: () => working,
    close: () => {
      closed = true
      stop()
    },
  }
}

const nobody: ReadonlySet<string> = new Set()

/** The smaller side is gone through. */
function among(runIds: ReadonlySet<string>, own: ReadonlyMap<string, unknown>): readonly string[] {
  return runIds.size < own.size
    ? [...runIds].filter((id) => own.has(id))
    : [...own.keys()].filter((id) => runIds.has(id))
}

function factsOf({
  id,
  view,
}: RunNode): Pick<Happening, 'subject' | 'runId' | 'outcome' | 'message' | 'cause' | 'count'> {
  const message = view.error === null ? null : scrubTokens(view.error.slice(0, maxText))
  return {
    subject: view.workflowName.slice(0, maxText),
    runId: id.slice(0, 1024),
    outcome: view.status.slice(0, 64),
    message: message === null ? null : message.slice(0, maxText),
    cause: causeOf(view.error)?.key ?? null,
    count: 1,
  }
}

/** As the list of runs groups them; a failure without words is grouped by its workflow. */
function keyOf({ view }: RunNode): string {
  return causeOf(view.error)?.key ?? `${view.workflowName.slice(0, 200)} without words`
}

async function causesOf(runs: readonly RunNode[], without: ReadonlySet<string>): Promise<Set<string>> {
  const causes = new Set<string>()
  const breath = createBreath()
  for (const node of runs.slice()) {
    const pause = breath()
    if (pause) await pause
    if (node.view.status === 'failed' && !without.has(node.id)) causes.add(keyOf(node))
  }
  return causes
}
