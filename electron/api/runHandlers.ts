import type { Handlers } from '../../shared/contract'
import { RundeskError } from '../../shared/outcome'
import { cancellable, markable, rerunnable, resumable, rollbackable } from '../../shared/rules/runActs'
import type { Run, RunDetail } from '../../shared/runs'
import { wholeLineBytes } from '../files/lineReader'
import { readLease } from '../runs/lease'
import { looseRunDetail } from '../runs/looseRuns'
import { markRunFailed } from '../runs/markRunFailed'
import { parentOf } from '../runs/reruns'
import type { RunRow } from '../runs/rows'
import { actsOf } from '../runs/runHistory'
import type { RunNode } from '../runs/runIndex'
import { foldState } from '../runs/runState'
import type { StepNode, Steps } from '../runs/runSteps'
import { toRun, toStep } from '../runs/runView'
import { endedLoose, findRun, refuseLoose, unknownRun } from './findRun'
import type { Session } from './session'
import type { Workspaces } from './workspaces'

type RunHandlers = Pick<
  Handlers,
  | 'runs:find'
  | 'runs:get'
  | 'runs:step'
  | 'runs:raw'
  | 'runs:start'
  | 'runs:plan'
  | 'runs:resume'
  | 'runs:cancel'
  | 'runs:rollback'
  | 'runs:markFailed'
  | 'runs:compact'
  | 'runs:loading'
  | 'runs:settled'
>

/** So much of a long output is at hand without all of its line being taken apart. */
const previewBytes = 4 * 1024
/** A line longer than this is not read to show one step's output. */
const maxReadBytes = 64 * 1024 * 1024

/** The handlers about runs. `staleAfterMs` is asked each time, so that a changed setting counts at once. */
export function createRunHandlers({
  workspaces,
  by,
  staleAfterMs,
}: {
  readonly workspaces: Workspaces
  readonly by: string
  readonly staleAfterMs: () => number
}): RunHandlers {
  const chosen = (workspaceId: string | null): readonly Session[] =>
    workspaceId === null ? workspaces.sessions() : [workspaces.session(workspaceId)]
  const context = (): { nowMs: number; staleAfterMs: number } => ({ nowMs: Date.now(), staleAfterMs: staleAfterMs() })

  const show = (session: Session, node: RunNode, steps?: Steps): Run =>
    toRun(node, session.store.owners, {
      ...context(),
      file: session.store.file,
      workspaceId: session.folder.id,
      unsavedIds: session.store.unsavedIds(),
      steps,
    })
  const acted = async (workspaceId: string, runId: string): Promise<{ run: Run }> => {
    const session = workspaces.session(workspaceId)
    const node = known(session, runId)
    return { run: show(session, node, await session.store.stepsOf(node)) }
  }
  const detail = async (session: Session, runId: string, outputs: 'none' | 'all'): Promise<RunDetail> => {
    const node = session.store.get(runId)
    if (node) {
      const steps = await session.store.stepsOf(node)
      return toDetail(session, { node, steps, run: show(session, node, steps) }, outputs)
    }
    const loose = session.loose.get(runId)
    if (!loose) throw unknownRun(runId)
    return looseRunDetail(loose, session.folder.id, await session.loose.steps(loose))
  }

  return {
    'runs:find': async ({ runId }) => {
      const sessions = workspaces.sessions()
      await Promise.all(sessions.map((session) => session.ready))
      return findRun(sessions, runId)
    },
    'runs:get': async ({ workspaceId, runId, outputs, mostSteps = Number.POSITIVE_INFINITY }) => {
      const session = workspaces.session(workspaceId)
      await session.catchUp()
      const node = session.store.get(runId)
      if (!node || node.counts.total <= mostSteps) {
        const run = await detail(session, runId, outputs)
        return { run, revision: session.store.revision(), stepsTold: 'all' }
      }
      const known = session.store.knownSteps(node)
      const shown = { node, steps: notable(known), run: show(session, node, known) }
      // The row of a run of so many steps is long: it comes with them.
      const run = await toDetail(session, known ? shown : { ...shown, row: { id: runId } }, outputs)
      const state = known ? foldState([...known.values()].map((step) => step.view.statePatch)) : {}
      return {
        run: { ...run, state },
        revision: session.store.revision(),
        stepsTold: known ? 'some' : 'reading',
      }
    },
    'runs:step': async ({ workspaceId, runId, stepId, maxBytes }) => {
      const session = workspaces.session(workspaceId)
      const run = session.store.get(runId)
      const node = run && (await session.store.stepsOf(run)).get(stepId)
      const step = node
        ? { ...toStep(node, session.store.unsavedIds()), output: await readOutput(session, node, maxBytes) }
        : run
          ? undefined
          : (await detail(session, runId, 'all')).steps.find(({ id }) => id === stepId)
      if (!step) throw new RundeskError('not_found', `Run ${runId} has no step ${stepId}.`)
      const bytes = Buffer.from(step.output ?? '')
      const isWhole = node === undefined || maxBytes === 0 || !isHeadOnly(session, node, maxBytes)
      const isRead = node === undefined || session.store.lineBytes(node) <= maxReadBytes
      if (bytes.length <= maxBytes) return { step, outputCut: !isRead || !isWhole }
      return { step: { ...step, output: bytes.toString('utf8', 0, maxBytes) }, outputCut: true }
    },
    'runs:raw': async ({ workspaceId, runId, stepId, maxCharacters }) => {
      const session = workspaces.session(workspaceId)
      const run = known(session, runId)
      const node = stepId === null ? run : (await session.store.stepsOf(run)).get(stepId)
      if (!node) throw new RundeskError('not_found', `Run ${runId} has no step ${stepId}.`)
      if (session.store.lineBytes(node) > maxReadBytes) return { line: node.rowLine + 1, text: '', cut: true }
      const { number, text } = await session.store.readLine(node)
      return { line: number, text: text.slice(0, maxCharacters), cut: text.length > maxCharacters }
    },
    'runs:start': async ({ workspaceId, file, workflow, vars, published }) => {
      const session = workspaces.session(workspaceId)
      const { runId, warnings } = await session.runner.start({
        file,
        vars,
        published,
        ...(workflow === undefined ? {} : { workflow }),
      })
      return { ...(await acted(workspaceId, runId)), warnings: [...warnings] }
    },
    'runs:plan': async ({ workspaceId, runId, ...choice }) => {
      const session = workspaces.session(workspaceId)
      refuseLoose(session, runId, choice.asNewRun ? rerunnable : resumable)
      return session.runner.plan({ runId, choice })
    },
    'runs:resume': async ({ workspaceId, runId, confirmed, published, ...choice }) => {
      const session = workspaces.session(workspaceId)
      refuseLoose(session, runId, choice.asNewRun ? rerunnable : resumable)
      const launched = await session.runner.resume({ runId, confirmed, choice, published })
      return acted(workspaceId, launched.runId)
    },
    'runs:cancel': async ({ workspaceId, runId, confirmed, reason }) => {
      const session = workspaces.session(workspaceId)
      const ended = endedLoose(session, runId)
      if (ended) return ended
      refuseLoose(session, runId, cancellable)
      const result = await session.runner.cancel({ runId, confirmed, reason })
      session.recorder.settle(runId)
      return result
    },
    'runs:rollback': async ({ workspaceId, runId, confirmed }) => {
      const session = workspaces.session(workspaceId)
      refuseLoose(session, runId, rollbackable)
      await session.runner.rollback({ runId, confirmed })
      return acted(workspaceId, runId)
    },
    'runs:markFailed': async ({ workspaceId, runId, reason }) => {
      const session = workspaces.session(workspaceId)
      refuseLoose(session, runId, markable)
      await markRunFailed(session.store, { runId, reason, by, rule: markable })
      session.recorder.settle(runId)
      return acted(workspaceId, runId)
    },
    'runs:compact': async ({ workspaceId, endedBefore, archive }) => {
      const { store } = workspaces.session(workspaceId)
      return store.compact({ endedBeforeMs: endedBefore === null ? null : Date.parse(endedBefore), archive })
    },
    'runs:loading': async ({ workspaceId, going }) => {
      for (const { store } of chosen(workspaceId)) {
        if (store.loading() === null) continue
        if (going) void store.load()
        else store.stopLoading()
      }
      return {}
    },
    'runs:settled': async ({ workspaceId, runId }) => {
      const session = workspaces.session(workspaceId)
      await session.runner.settled(runId)
      await session.store.refresh()
      await session.store.owners.refresh()
      return acted(workspaceId, runId)
    },
  }
}

/** A run with what is shown of it; `row` is its row as far as that was read. */
interface Shown {
  readonly node: RunNode
  readonly steps: Steps
  readonly run: Run
  readonly row?: RunRow | Promise<RunRow>
}

async function toDetail(
  session: Session,
  { node, steps, run, row = session.store.readShown(node) }: Shown,
  outputs: 'none' | 'all',
): Promise<RunDetail> {
  const nodes = [...steps.values()]
  const unsavedIds = session.store.unsavedIds()
  const { rundesk } = await row
  return {
    ...run,
    state: foldState(nodes.map((step) => step.view.statePatch)),
    steps: await Promise.all(
      nodes.map(async (step) => {
        const shown = toStep(step, unsavedIds)
        return outputs === 'none' ? shown : { ...shown, output: await readOutput(session, step) }
      }),
    ),
    history: actsOf(rundesk?.history),
    parent: parentOf(await row),
    runner: await runnerOf(session, await row),
    workflowFile: typeof rundesk?.file === 'string' && rundesk.file !== '' ? rundesk.file : null,
  }
}

/** The first step that failed, the first that runs, and the first. */
function notable(steps: Steps | undefined): Steps {
  const found = new Map<string, StepNode>()
  for (const status of ['failed', 'running']) {
    for (const step of steps?.values() ?? []) {
      if (step.view.status !== status) continue
      found.set(step.id, step)
      break
    }
  }
  const [first] = steps?.values() ?? []
  if (first) found.set(first.id, first)
  return found
}

/** The lease tells of a published runner that is at work. */
async function runnerOf(session: Session, row: RunRow): Promise<RunDetail['runner']> {
  if ((await readLease(session.store.rundeskDir, row.id))?.runner === 'published') return 'published'
  return typeof row.rundesk?.operator === 'string' ? 'built-in' : null
}

/** Is so little asked for of so long a line that its beginning does? */
function isHeadOnly({ store }: Session, node: StepNode, maxBytes: number): boolean {
  return maxBytes <= previewBytes && store.lineBytes(node) > wholeLineBytes
}

/** The output of a step; of a very long line only its beginning where no more is asked for. */
async function readOutput(
  session: Session,
  node: StepNode,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<string | null> {
  const { store } = session
  if (maxBytes === 0 || store.lineBytes(node) > maxReadBytes) return null
  const row = await (isHeadOnly(session, node, maxBytes) ? store.readHead(node) : store.readRow(node))
  return typeof row.output === 'string' ? row.output : null
}

function known(session: Session, runId: string): RunNode {
  const node = session.store.get(runId)
  if (!node) throw unknownRun(runId)
  return node
}
