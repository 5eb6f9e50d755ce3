import { createRunStore } from './runStore'
import { makeStepLine } from './storeLines.testkit'

/** A process that changes a run store as fast as it can: claims on the shared run and on its own, lines between them. */
const [workspaceDir = '', shared = '', own = '', name = '', count = '0'] = process.argv.slice(2)
const store = createRunStore({ workspaceDir, watch: false })
await store.load()
for (let n = 0; n < Number(count); n++) {
  for (const runId of [shared, own]) {
    await store.claim(runId, (record) => {
      if (!record) throw new Error(`${runId} is gone`)
      const made = Array.isArray(record.run.made) ? record.run.made : []
      return [{ kind: 'run', row: { ...record.run, made: [...made, `${name}${n}`] } }]
    })
  }
  await store.append([makeStepLine({ id: own, runId: own, n, output: 'x'.repeat(5_000) })], 'written')
}
await store.close()
