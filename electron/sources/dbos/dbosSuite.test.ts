import { randomUUID } from 'node:crypto'
import type { SourcePhase } from '../../../shared/sourceRuns'
import { eventually } from '../../files/temporaryFolder.testkit'
import { testSource } from '../sourceSuite.testkit'
import { dbosPhases } from './dbosRows'
import { makeDbosWorld, signal, startServer } from './dbosWorld.testkit'
import { postgresBinaries } from './postgresBinaries.testkit'

const bin = postgresBinaries()
const phases: readonly SourcePhase[] = ['completed', 'failed', 'cancelled', 'dead-lettered', 'running', 'waiting']
const longAgo = Date.UTC(2026, 0, 1)

if (bin !== undefined)
  testSource(
    'DBOS in PostgreSQL',
    async () => {
      const postgres = await startServer(bin)
      const world = await makeDbosWorld(postgres)
      const worker = await world.worker()
      const source = world.source()
      const set = async (runId: string, changes: string): Promise<void> => {
        await world.sql(`update dbos.workflow_status set ${changes} where workflow_uuid = '${runId}'`)
      }
      /** Real runs of the worker; what takes it long, such as crashing four times, is written into the real row. */
      const make = async (phase: SourcePhase, workflowName: string | undefined): Promise<string> => {
        const runId = randomUUID()
        worker.setFaults(...(phase === 'failed' ? ['second'] : []))
        const isEnded = phase === 'completed' || phase === 'failed'
        const gate = isEnded ? 0 : 600_000
        await worker.start('three', runId, { args: [gate] })
        if (isEnded) await world.becomes(runId, phase === 'failed' ? 'ERROR' : 'SUCCESS')
        else await eventually('it is in its second step', () => worker.timesRan(runId, 'second') === 1)
        if (phase === 'cancelled') await set(runId, `status = 'CANCELLED', owner_xid = null, completed_at = ${longAgo}`)
        if (phase === 'waiting') await set(runId, `status = 'ENQUEUED', owner_xid = null, queue_name = 'nobody'`)
        if (phase === 'dead-lettered')
          await set(runId, `status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED', owner_xid = null, completed_at = ${longAgo}`)
        if (workflowName !== undefined) await set(runId, `name = '${workflowName}'`)
        return runId
      }
      return {
        source,
        make: (phase, { workflowName } = {}) => make(phase, workflowName),
        cancelElsewhere: async (runId) => {
          const other = world.source()
          const version = (await other.run(runId, signal))?.version ?? ''
          await other.act({ runId, act: 'cancel', version, confirmed: true }, signal)
        },
        removeElsewhere: async (runId) => {
          await world.sql(`delete from dbos.workflow_status where workflow_uuid = '${runId}'`)
        },
        mend: async () => worker.setFaults('open'),
        finish: async (runId) => {
          await world.becomes(runId, 'SUCCESS')
        },
        readOnly: () => world.source({ writing: null }),
        close: async () => {
          await world.close()
          await postgres.close()
        },
      }
    },
    { phases: phases.filter((phase) => Object.values(dbosPhases).includes(phase)) },
  )
