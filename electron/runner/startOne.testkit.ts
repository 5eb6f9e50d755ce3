import { createRunStore } from '../runs/runStore'
import { createRunner } from './runner'

/** A process that runs one workflow, to be killed: workspace, workflow file. */
const [workspaceDir = '', file = ''] = process.argv.slice(2)
const store = createRunStore({ workspaceDir, watch: false })
await store.load()
const { ended } = await createRunner({ journal: store, by: 'killed@here', graceMs: () => 500 }).start({
  file,
  vars: {},
})
await ended
