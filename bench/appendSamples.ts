import { pathToFileURL } from 'node:url'
import { createRunStore } from '../electron/runs/runStore'
import { timeMs, watchThread } from './measure'
import type { Sample } from './samples'
import { storeFile } from './storeSamples'

const rows = 5_000
const at = '2026-11-01T00:00:00.000Z'
const runId = 'a'.repeat(24)
/** The rows that are appended: a run's and its steps'. */
export const run = {
  kind: 'run',
  row: {
    id: runId,
    workspaceId: 'local',
    workflowName: 'bench',
    pattern: 'dag',
    status: 'running',
    startedAt: at,
    createdAt: at,
    updatedAt: at,
  },
} as const
const stepId = (index: number): string => index.toString(16).padStart(24, '0')
export const step = (index: number) =>
  ({
    kind: 'step',
    row: {
      id: stepId(index),
      runId,
      stepName: `step-${index}`,
      agentName: null,
      stepType: 'deterministic',
      status: 'completed',
      task: `echo ${index}`,
      dependsOn: [],
      output: 'ok '.padEnd(200, 'x'),
      retryCount: 0,
      startedAt: at,
      completedAt: at,
      createdAt: at,
      updatedAt: at,
    },
  }) as const

/** Samples about appending rows one after the other, in µs per row; each runs in a process of its own. */
export const appendSamples: Readonly<Record<string, (args: readonly string[]) => Promise<Sample>>> = {
  append: async ([workspaceDir = '']) => {
    const lines = Array.from({ length: rows }, (_, index) => [step(index)])
    const begun = lines.map((line) => line.map(({ kind, row }) => ({ kind, row: { ...row, status: 'running' } })))
    const store = createRunStore({ workspaceDir, watch: false })
    await store.load()
    await store.append([run], 'written')
    for (const line of begun) await store.append(line, 'written')
    const stretch = watchThread()
    const ms = await timeMs(async () => {
      for (const line of lines) await store.append(line, 'written')
    })
    const busyMs = stretch()
    await store.close()
    return { us: (ms / rows) * 1e3, busyMs }
  },
  appendPeer: async ([workspaceDir = '', peer = '']) => {
    const { JsonFileWorkflowDb } = await import(pathToFileURL(peer).href)
    const db = new JsonFileWorkflowDb(storeFile(workspaceDir))
    await db.insertRun(run.row)
    for (let index = 0; index < rows; index++) await db.insertStep({ ...step(index).row, status: 'running' })
    const { status, output, completedAt } = step(0).row
    const ms = await timeMs(async () => {
      for (let index = 0; index < rows; index++) await db.updateStep(stepId(index), { status, output, completedAt })
    })
    return { us: (ms / rows) * 1e3 }
  },
}
