import { setTimeout as sleep } from 'node:timers/promises'
import { openRunningMark } from './runningMark'

/** A process that leaves its mark, says so, and waits to be killed. Arguments: the data folder, the name of a run. */
const [dataDir = '', workflowName = ''] = process.argv.slice(2)
const mark = await openRunningMark({ dataDir, version: '9.9.9', face: 'browser' })
mark.note({ runs: [{ workspaceId: 'w', runId: 'r', workflowName, goesOn: false }], unsavedRows: 2 })
for (;;) {
  process.stdout.write('.')
  await sleep(50)
}
