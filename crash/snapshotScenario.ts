import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { everything } from '../electron/runs/everything.testkit'
import type { StoreLine } from '../electron/runs/rows'
import { createRunStore, type RunStore } from '../electron/runs/runStore'
import { makeRunLine, makeStepLine, toFile } from '../electron/runs/storeLines.testkit'
import { leftOver } from './leftOver'
import { compareChanges, type Scenario } from './scenario'

const runId = 'a'.repeat(24)
/** Every change is a step of its own, so that each must be in what the snapshot tells. */
const stepLine = (id: string): StoreLine => makeStepLine({ id: `step ${id}`, runId, status: 'completed', by: id })
/** A snapshot is made of every store, however small, and of every change. */
const sizes = { snapshotBytes: 0, newestFirstBytes: Number.POSITIVE_INFINITY }

async function openStore(dir: string, snapshots: boolean): Promise<RunStore> {
  const snapshotDir = snapshots ? { snapshotDir: join(dir, 'snapshots') } : {}
  const store = createRunStore({ workspaceDir: join(dir, 'workspace'), watch: false, sizes, ...snapshotDir })
  await store.load()
  return store
}

/** Opens the store from its snapshot, or makes one; appends a row; closes it, which makes the snapshot anew. */
async function change(dir: string, id: string): Promise<void> {
  const store = await openStore(dir, true)
  await store.checked()
  await store.append([stepLine(id)], 'synced')
  await store.close()
}

/** Snapshots that are written again and again: one of a dead writer never tells anything but what the file says. */
export const snapshotScenario: Scenario = {
  victims: 2,
  changes: 2,
  prepare: async (dir) => {
    const file = join(dir, 'workspace', '.agent-relay', 'workflow-runs.jsonl')
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, toFile([makeRunLine({ id: runId, status: 'running' })]))
  },
  open:
    async ({ dir }) =>
    (id) =>
      change(dir, id),
  check: async (after) => {
    await change(after.dir, after.heir)
    const [warm, cold] = [await openStore(after.dir, true), await openStore(after.dir, false)]
    after.onEnd(() => Promise.all([warm.close(), cold.close()]))
    const [seen, told] = [JSON.stringify(await everything(warm)), JSON.stringify(await everything(cold))]
    const run = warm.get(runId)
    const steps = run ? [...(await warm.stepsOf(run)).keys()].map((step) => step.replace('step ', '')) : []
    await warm.checked()
    const folder = join(after.dir, 'snapshots')
    const names = await readdir(folder)
    return [
      ...compareChanges(steps, after),
      ...(seen === told ? [] : ['the snapshot says other than the file']),
      ...(await leftOver(folder, {
        ...after,
        expected: names.filter((name) => /^[0-9a-f]{32}\.snapshot$/.test(name)),
      })),
    ]
  },
}
