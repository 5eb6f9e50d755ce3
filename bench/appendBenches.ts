import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createJournal } from '../electron/files/journal'
import { createRunStore } from '../electron/runs/runStore'
import type { Bench } from './main'
import { median, timeMs, toLimit, toRatio, watchThread } from './measure'
import { fixture } from './openBenches'
import { storeFile } from './storeSamples'

const rounds = 9
const at = '2026-11-01T00:00:00.000Z'
const runId = 'a'.repeat(24)
const run = {
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
const step = (index: number) =>
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

/** Rows appended one after the other by the holder of the lease, against the published store doing the same. */
const appendWritten: Bench = async ({ dir, peers }) => {
  if (!peers.runStore) return []
  const rows = 5_000
  const lines = Array.from({ length: rows }, (_, index) => [step(index)])
  const { JsonFileWorkflowDb } = await import(pathToFileURL(peers.runStore).href)
  const [ours, theirs]: [number[], number[]] = [[], []]
  let busiestMs = 0
  for (let round = 0; round < rounds; round++) {
    const folder = workspace(dir, `append-${round}`)
    const store = createRunStore({ workspaceDir: folder, watch: false })
    await store.load()
    await store.append([run], 'written')
    const stretch = watchThread()
    ours.push(
      await timeMs(async () => {
        for (const line of lines) await store.append(line, 'written')
      }),
    )
    busiestMs = Math.max(busiestMs, stretch())
    await store.close()
    const db = new JsonFileWorkflowDb(storeFile(workspace(dir, `append-peer-${round}`)))
    await db.insertRun(run.row)
    for (let index = 0; index < rows; index++) await db.insertStep({ ...step(index).row, status: 'running' })
    const { status, output, completedAt } = step(0).row
    theirs.push(
      await timeMs(async () => {
        for (let index = 0; index < rows; index++) await db.updateStep(stepId(index), { status, output, completedAt })
      }),
    )
  }
  return [
    toRatio('append of single rows, written', {
      value: (median(ours) / rows) * 1e3,
      unit: 'us',
      reference: { name: "peer's append", value: (median(theirs) / rows) * 1e3 },
      goal: 1.2,
    }),
    toLimit('append: longest stretch', { value: busiestMs, unit: 'ms', below: 50 }),
  ]
}

/** Synced lines per second of 64 writers at once, against a loop that writes and syncs each line. */
const appendSynced: Bench = async ({ dir }) => {
  const [writers, each] = [64, 50]
  const texts = Array.from({ length: writers * each }, (_, index) => JSON.stringify(step(index)))
  const [journals, stores, loops]: [number[], number[], number[]] = [[], [], []]
  const perSecond = async (append: (index: number) => Promise<unknown>): Promise<number> => {
    const write = async (writer: number): Promise<void> => {
      for (let index = 0; index < each; index++) await append(writer * each + index)
    }
    const ms = await timeMs(() => Promise.all(Array.from({ length: writers }, (_, writer) => write(writer))))
    return (writers * each) / (ms / 1e3)
  }
  for (let round = 0; round < rounds; round++) {
    const path = join(workspace(dir, `synced-journal-${round}`), 'rows.jsonl')
    const journal = createJournal({ path, onLine: () => undefined, onReset: () => undefined })
    journals.push(await perSecond((index) => journal.append([texts[index] ?? ''], 'synced')))
    await journal.close()
    const store = createRunStore({ workspaceDir: workspace(dir, `synced-${round}`), watch: false })
    await store.load()
    await store.append([run], 'written')
    stores.push(await perSecond((index) => store.append([step(index)], 'synced')))
    await store.close()
    const file = openSync(join(workspace(dir, `synced-loop-${round}`), 'rows.jsonl'), 'a')
    const rows = 300
    const loopMs = await timeMs(() => {
      for (let index = 0; index < rows; index++) {
        writeSync(file, `${texts[index]}\n`)
        fdatasyncSync(file)
      }
    })
    closeSync(file)
    loops.push(rows / (loopMs / 1e3))
  }
  const against = {
    unit: 'rows/s',
    reference: { name: 'write + fdatasync per row', value: median(loops) },
    atLeast: true,
  }
  return [
    toRatio('append, synced, 64 writers', { value: median(journals), goal: 20, ...against }),
    toRatio('append, synced, 64 writers, run store', { value: median(stores), goal: 8, ...against }),
  ]
}

/** The steps of one run after the other in a store of many, once they were looked at. */
const stepsOfRun: Bench = async ({ dir, peers }) => {
  if (!peers.runStore) return []
  const folder = fixture(dir, 'small')
  const { JsonFileWorkflowDb } = await import(pathToFileURL(peers.runStore).href)
  const db = new JsonFileWorkflowDb(storeFile(folder))
  const store = createRunStore({ workspaceDir: folder, watch: false })
  await store.load()
  await store.checked()
  const runs = store.runs().slice(-200)
  const first = await timeMs(async () => {
    for (const node of runs) await store.stepsOf(node)
  })
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ours.push(
      await timeMs(async () => {
        for (const node of runs) await store.stepsOf(node)
      }),
    )
    theirs.push(
      await timeMs(async () => {
        for (const { id } of runs) await db.getStepsByRunId(id)
      }),
    )
  }
  await store.close()
  const reference = { name: 'peer', value: (median(theirs) / runs.length) * 1e3 }
  return [
    toRatio('steps of a run', { value: (median(ours) / runs.length) * 1e3, unit: 'us', reference, goal: 0.02 }),
    toRatio('steps of a run, read for the first time', {
      value: (first / runs.length) * 1e3,
      unit: 'us',
      reference,
      goal: 2,
    }),
  ]
}

function workspace(dir: string, name: string): string {
  const folder = join(dir, 'work', name)
  mkdirSync(join(folder, '.agent-relay'), { recursive: true })
  return folder
}

export const appendBenches = { appendWritten, appendSynced, stepsOfRun }
