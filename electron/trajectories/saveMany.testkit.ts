import { createTrajectoryStore } from './trajectoryStore'

/** A process that saves records one after the other: root, prefix of their ids, how many. It may be killed at any time. */
const [root = '', prefix = '', count = '0'] = process.argv.slice(2)
const store = createTrajectoryStore({ root })
const at = '2026-02-03T10:00:00.000Z'
for (let number = 0; number < Number(count); number++) {
  const id = `traj_${prefix}_${number}`
  await store.save({
    id,
    version: 1,
    task: { title: `Record ${number}` },
    status: 'completed',
    startedAt: at,
    completedAt: at,
    agents: [],
    chapters: [],
  })
  process.stdout.write(`${id}\n`)
}
await store.close()
