import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createJournal } from '../electron/files/journal'
import { createRunStore } from '../electron/runs/runStore'
import { run, step } from './appendSamples'
import type { Bench } from './main'
import { median, timeMs, toLimit, toRatio } from './measure'
import { fixture } from './openBenches'
import { takeSample } from './samples'
import { storeFile } from './storeSamples'

const rounds = 9
/** Rows appended one after the other by the holder of the lease, against the published store doing the same. */
const appendWritten: Bench = async ({ dir, peers }) => {
  const { runStore } = peers
  if (!runStore) return []
  const samples = Array.from({ length: rounds }, (_, round) => ({
    ours: takeSample('append', [workspace(dir, `append-${round}`)]),
    peer: takeSample('appendPeer', [workspace(dir, `append-peer-${round}`), runStore]),
  }))
  return [
    toRatio('append of single rows, written', {
      value: median(samples.map(({ ours }) => ours.us ?? Number.NaN)),
      unit: 'us',
      reference: { name: "peer's append", value: median(samples.map(({ peer }) => peer.us ?? Number.NaN)) },
      goal: 1.2,
    }),
    toLimit('append: longest stretch', {
      value: median(samples.map(({ ours }) => ours.busyMs ?? Number.NaN)),
      unit: 'ms',
      below: 50,
    }),
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
