import type { SlowStep, SlowSteps } from '../../shared/overview'
import { createBreath } from '../files/breath'
import type { RunNode } from '../runs/runIndex'
import type { Session } from './session'

/** So many of the newest ended runs of a workspace are looked at. */
const newestRuns = 60
/** A run with more steps than this is left out: to read it takes long, and its steps stand in its own timeline. */
const mostSteps = 500
const shown = 8

interface StepTime {
  readonly stepName: string
  readonly stepId: string
  readonly tookMs: number
}

/**
 * The steps that take longest, by workflow and name, among the newest ended runs. What was read of a run is kept until it
 * has a newer line, so that only new runs are read again.
 */
export function createSlowSteps(): (sessions: readonly Session[]) => Promise<SlowSteps> {
  const known = new Map<string, { readonly lastLine: number; readonly times: readonly StepTime[] }>()

  const timesOf = async (session: Session, node: RunNode): Promise<readonly StepTime[]> => {
    const key = `${session.folder.id} ${node.id}`
    const kept = known.get(key)
    if (kept?.lastLine === node.lastLine) return kept.times
    const steps = await session.store.stepsOf(node)
    const times = [...steps.values()].flatMap(({ id, view }) => {
      const tookMs = Date.parse(view.completedAt ?? '') - Date.parse(view.startedAt ?? '')
      return tookMs >= 0 ? [{ stepName: view.name, stepId: id, tookMs }] : []
    })
    known.delete(key)
    known.set(key, { lastLine: node.lastLine, times })
    return times
  }

  return async (sessions) => {
    const breath = createBreath(1)
    const groups = new Map<string, { readonly workflowName: string; readonly found: Found[] }>()
    let leftOut = 0
    let runs = 0
    for (const session of sessions) {
      for (const node of newestEnded(session)) {
        await breath()
        if (node.counts.total > mostSteps) {
          leftOut++
          continue
        }
        runs++
        for (const time of await timesOf(session, node)) {
          const { workflowName } = node.view
          const key = JSON.stringify([session.folder.id, workflowName, time.stepName])
          const group = groups.get(key) ?? { workflowName, found: [] }
          group.found.push({ ...time, workspaceId: session.folder.id, runId: node.id })
          groups.set(key, group)
        }
      }
    }
    for (const key of [...known.keys()].slice(0, Math.max(0, known.size - 4 * newestRuns * sessions.length)))
      known.delete(key)
    const steps = [...groups.values()].map(({ workflowName, found }) => toSlowStep(workflowName, found))
    steps.sort((left, right) => right.longestMs - left.longestMs)
    return { steps: steps.slice(0, shown), runs, leftOut }
  }
}

interface Found extends StepTime {
  readonly workspaceId: string
  readonly runId: string
}

function newestEnded({ store }: Session): readonly RunNode[] {
  const ended: RunNode[] = []
  const runs = store.runs()
  for (let index = runs.length - 1; index >= 0 && ended.length < newestRuns; index--) {
    const node = runs[index]
    if (node && node.view.completedAt !== null) ended.push(node)
  }
  return ended
}

function toSlowStep(workflowName: string, found: readonly Found[]): SlowStep {
  const sorted = found.toSorted((left, right) => left.tookMs - right.tookMs)
  const longest = sorted.at(-1)
  if (!longest) throw new Error('A group of steps has at least one')
  const { workspaceId, stepName, runId, stepId, tookMs: longestMs } = longest
  const medianMs = sorted[Math.floor((sorted.length - 1) / 2)]?.tookMs ?? longestMs
  return { workspaceId, workflowName, stepName, count: found.length, medianMs, longestMs, runId, stepId }
}
