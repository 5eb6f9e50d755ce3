import { livenessOf } from '../../shared/rules/liveness'
import type { RunFacts } from '../../shared/rules/runActs'
import type { Owner, Run, Step } from '../../shared/runs'
import type { StepEntry } from './fold'
import type { Owners } from './owners'
import type { RunNode } from './runIndex'
import type { StepNode, Steps } from './runSteps'

interface ViewContext {
  readonly file: string
  readonly nowMs: number
  readonly staleAfterMs: number
}

/** A run as lists show it: a new object every time. `steps` are needed to tell a waiting retry. */
export function toRun(
  node: RunNode,
  owners: Owners,
  context: ViewContext & {
    readonly workspaceId: string
    readonly unsavedIds: ReadonlySet<string>
    readonly steps?: Steps | undefined
  },
): Run {
  const { view } = node
  const facts = toFacts(node, { owner: owners.ownerOf(node.id), owned: owners.isOwned(node.id) }, context)
  const { reason } = livenessOf(
    { status: view.status, owner: facts.owner, lastActivityMs: node.lastActivityMs },
    { nowMs: context.nowMs, staleAfterMs: context.staleAfterMs },
  )
  return {
    id: node.id,
    workspaceId: context.workspaceId,
    workflowName: view.workflowName,
    status: view.status,
    liveness: facts.liveness,
    livenessReason: reason,
    owned: facts.owned,
    owner: facts.owner,
    startedAt: view.startedAt,
    completedAt: view.completedAt,
    updatedAt: view.updatedAt,
    error: view.error,
    saved: !context.unsavedIds.has(node.id),
    stepCounts: { ...node.counts },
    source: { kind: 'jsonl', path: context.file },
    retry: context.steps ? waitingRetry(node, context.steps) : null,
  }
}

/** What the shared rules look at. */
export function toFacts(
  node: RunNode,
  { owner, owned }: { readonly owner: Owner | null; readonly owned: boolean },
  context: ViewContext,
): RunFacts {
  const { view } = node
  const { liveness } = livenessOf(
    { status: view.status, owner, lastActivityMs: node.lastActivityMs },
    { nowMs: context.nowMs, staleAfterMs: context.staleAfterMs },
  )
  return {
    status: view.status,
    liveness,
    owned,
    owner,
    completedAt: view.completedAt,
    stepCounts: node.counts,
    source: { kind: 'jsonl' },
  }
}

/** A step, without its output. */
export function toStep({ view }: StepNode, unsavedIds: ReadonlySet<string>): Step {
  return {
    id: view.id,
    name: view.name,
    type: view.type,
    status: view.status,
    attempts: view.attempts.map((attempt) => ({ ...attempt })),
    dependsOn: [...view.dependsOn],
    output: null,
    outputBytes: view.outputBytes,
    error: view.error,
    startedAt: view.startedAt,
    completedAt: view.completedAt,
    saved: !unsavedIds.has(view.id),
    ...(view.nextAttemptAt === null ? {} : { nextAttemptAt: view.nextAttemptAt }),
    ...structuredClone(view.own),
  }
}

function waitingRetry(node: RunNode, steps: Steps): Run['retry'] {
  if (node.view.status !== 'running' || node.counts.running === 0) return null
  for (const { view } of steps.values()) {
    if (view.nextAttemptAt) return toRetry(view, view.nextAttemptAt)
  }
  return null
}

function toRetry(step: StepEntry, at: string): NonNullable<Run['retry']> {
  return { step: step.name, attempt: step.attempts.length + 1, of: step.maxAttempts ?? step.attempts.length + 1, at }
}
