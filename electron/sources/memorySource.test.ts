import type { SourcePhase } from '../../shared/sourceRuns'
import { type MemoryStatus, memoryPhases } from './memoryEngine.testkit'
import { createMemorySource } from './memorySource.testkit'
import { testSource } from './sourceSuite.testkit'

const phases: readonly SourcePhase[] = ['completed', 'failed', 'cancelled', 'dead-lettered', 'running', 'waiting']

testSource(
  'an engine in memory',
  async () => {
    const { source, engine } = createMemorySource()
    const at = '2026-01-01T00:00:00.000Z'
    const step = (name: string, error: string | null = null) => ({ name, output: { text: 'käse' }, error, at })
    return {
      source,
      make: async (phase, { workflowName = 'deploy' } = {}) => {
        const status = Object.entries(memoryPhases).find(([, one]) => one === phase)?.[0] as MemoryStatus
        const error = phase === 'failed' ? 'the disk is full' : null
        const ended = phase === 'completed' ? [step('third')] : []
        const steps = phase === 'waiting' ? [] : [step('first'), step('second', error), ...ended]
        return engine.put({ workflowName, status, steps: phase === 'running' ? steps.slice(0, 1) : steps, error }).id
      },
      cancelElsewhere: async (runId) => void engine.change(runId, { status: 'cancelled' }),
      removeElsewhere: async (runId) => engine.remove(runId),
      mend: async () => undefined,
      finish: async (runId) => void engine.change(runId, { status: 'succeeded' }),
      readOnly: () => createMemorySource({ access: 'read', engine }).source,
      close: () => source.close(),
    }
  },
  { phases },
)
