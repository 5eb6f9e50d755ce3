import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrajectoryDocument } from '../electron/trajectories/trajectoryDocument'
import { createTrajectoryStore, type TrajectoryStore } from '../electron/trajectories/trajectoryStore'
import { leftOver } from './leftOver'
import { type Aftermath, compareChanges, type Scenario } from './scenario'

const at = '2026-02-03T10:00:00.000Z'
const idOf = (change: string): string => `traj_${change.replaceAll('-', '_')}`

/** A finished record that carries the change as its title. */
function makeRecord(change: string): TrajectoryDocument {
  return {
    id: idOf(change),
    version: 1,
    task: { title: change },
    status: 'completed',
    startedAt: at,
    completedAt: at,
    agents: [],
    chapters: [],
  }
}

async function openStore({ dir, onEnd }: { readonly dir: string } & Partial<Aftermath>): Promise<TrajectoryStore> {
  const store = createTrajectoryStore({ root: join(dir, '.trajectories') })
  onEnd?.(() => store.close())
  await store.refresh()
  return store
}

/** The titles in the index file; the error when it is none. */
async function titlesIn(dir: string): Promise<readonly string[]> {
  const text = await readFile(join(dir, '.trajectories', 'index.json'), 'utf8')
  const { trajectories } = JSON.parse(text) as { readonly trajectories: Record<string, { readonly title: string }> }
  return Object.values(trajectories).map(({ title }) => title)
}

/** Saves of trajectories by several processes: each told one has its file and its entry in the index, once. */
export const indexScenario: Scenario = {
  victims: 2,
  changes: 2,
  fewerPoints: true,
  prepare: async () => undefined,
  open: async ({ dir }) => {
    const store = await openStore({ dir })
    return (id) => store.save(makeRecord(id))
  },
  check: async (after) => {
    const store = await openStore(after)
    await store.save(makeRecord(after.heir))
    await store.close()
    const reader = await openStore(after)
    const inIndex = await titlesIn(after.dir)
    const listed = reader.list().map(({ title }) => title)
    return [
      ...compareChanges(listed, after),
      ...compareChanges(inIndex, after).map((complaint) => `index: ${complaint}`),
      ...(await leftOver(join(after.dir, '.trajectories'), {
        ...after,
        expected: ['index.json', 'completed', 'active', '.rundesk'],
      })),
    ]
  },
}
