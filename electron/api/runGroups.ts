import { type FailureGroup, type SparkRun, sparkLength, type WorkflowGroup } from '../../shared/runGroups'
import { createBreath } from '../files/breath'
import { createFactReader, failureOf, type ListContext, type RunListFacts } from './runFacts'
import type { PlacedRun, RunList } from './runList'
import type { Session } from './session'

/** So many workflows of a group of failures are named. */
const namedWorkflows = 3

interface Failures extends Omit<FailureGroup, 'workflows' | 'workflowCount'> {
  readonly byWorkflow: Map<string, number>
}

/** The runs of a list that tell of an error, by cause, the commonest first. The list is newest first. */
export async function failureGroups(list: RunList, context: ListContext): Promise<FailureGroup[]> {
  const groups = new Map<string, { -readonly [K in keyof Failures]: Failures[K] }>()
  await eachRun(list, context, ({ workflowName, startedAt, status, error }) => {
    const cause = failureOf({ status, error })
    if (!cause || error === null) return
    const group = groups.get(cause.key)
    if (group) {
      group.count++
      group.firstAt = startedAt ?? group.firstAt
      group.byWorkflow.set(workflowName, (group.byWorkflow.get(workflowName) ?? 0) + 1)
      return
    }
    const byWorkflow = new Map([[workflowName, 1]])
    groups.set(cause.key, { ...cause, example: error, count: 1, firstAt: startedAt, lastAt: startedAt, byWorkflow })
  })
  return [...groups.values()]
    .sort((left, right) => right.count - left.count)
    .map(({ byWorkflow, ...group }) => ({
      ...group,
      workflows: [...byWorkflow]
        .sort((left, right) => right[1] - left[1])
        .slice(0, namedWorkflows)
        .map(([name]) => name),
      workflowCount: byWorkflow.size,
    }))
}

/** The runs of a list by workflow, the one that ran last first. The list is newest first. */
export async function workflowGroups(list: RunList, context: ListContext): Promise<WorkflowGroup[]> {
  const groups = new Map<string, { count: number; failed: number; lastAt: string | null; spark: SparkRun[] }>()
  await eachRun(list, context, (facts, { session, run }) => {
    const { workflowName, status, startedAt, liveness } = facts
    const group = groups.get(workflowName) ?? { count: 0, failed: 0, lastAt: startedAt, spark: [] }
    groups.set(workflowName, group)
    group.count++
    if (status === 'failed') group.failed++
    if (group.spark.length >= sparkLength) return
    const durationMs = facts.durationMs()
    group.spark.push({ runId: run.id, workspaceId: session.folder.id, status, liveness, durationMs })
  })
  return [...groups].map(([name, { spark, ...group }]) => ({ name, ...group, spark: spark.reverse() }))
}

async function eachRun(
  list: RunList,
  context: ListContext,
  take: (facts: RunListFacts, place: PlacedRun) => void,
): Promise<void> {
  const readers = new Map<Session, ReturnType<typeof createFactReader>>()
  const breath = createBreath(16)
  for (let index = 0; index < list.total; index++) {
    const pause = breath()
    if (pause) await pause
    const place = list.at(index)
    if (!place) continue
    const reader = readers.get(place.session) ?? createFactReader(place.session, context)
    readers.set(place.session, reader)
    take(reader(place.run), place)
  }
}
