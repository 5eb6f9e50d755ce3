import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { defaultStaleAfterMs } from '../../shared/rules/liveness'
import type { SourcePhase } from '../../shared/sourceRuns'
import { alwaysThere } from '../files/onlooker'
import { unlimitedSlots } from '../runner/stepSlots'
import { workflowText } from '../runner/workflowText.testkit'
import { makeRunLine, toFile } from '../runs/storeLines.testkit'
import type { SourceWorld } from '../sources/sourceSuite.testkit'
import { createRelaySource } from './relaySource'
import { createRunHandlers } from './runHandlers'
import { createRunListHandlers } from './runListHandlers'
import { openSession } from './session'
import { createStepHandlers } from './stepHandlers'
import { openWorkspaces } from './workspaces'

/** How the second step of a run of each phase goes; `mark` is a file that mends it, or lets it end. */
const seconds: Partial<Record<SourcePhase, (mark: string) => string>> = {
  completed: () => 'true',
  failed: (mark) => `test -e ${mark}`,
  running: (mark) => `until test -e ${mark}; do sleep 0.02; done`,
}

/** `retries` is how often the second step is tried again. */
export interface RelayWorld extends SourceWorld {
  readonly make: (
    phase: SourcePhase,
    given?: { readonly workflowName?: string; readonly retries?: number },
  ) => Promise<string>
  /** Another program left a run as running. */
  readonly makeLeft: () => Promise<string>
}

/** A workspace whose runs are really executed here, with its source. */
export async function openRelayWorld(): Promise<RelayWorld> {
  const place = await mkdtemp(join(tmpdir(), 'rundesk-relay-'))
  const dir = await mkdtemp(join(place, 'workspace-'))
  const staleAfterMs = (): number => defaultStaleAfterMs
  const workspaces = await openWorkspaces({
    dataDir: join(place, 'data'),
    named: [dir],
    discover: async () => [],
    fallback: null,
    open: (folder) =>
      openSession({
        ...{ folder, by: 'tester@here', watch: false, staleAfterMs, slots: unlimitedSlots, onlooker: alwaysThere },
        snapshotDir: join(place, 'snapshots'),
        fallback: { home: place, use: () => false },
        cacheDir: join(place, 'cache'),
        nodePath: () => null,
        graceMs: () => 200,
        syncs: () => false,
        onChange: () => undefined,
        onTrajectoriesChange: () => undefined,
      }),
    onChange: () => undefined,
  })
  const [session] = workspaces.sessions()
  if (!session) throw new Error(`${dir} could not be opened`)
  const workspaceId = session.folder.id
  const runHandlers = createRunHandlers({ workspaces, by: 'tester@here', staleAfterMs })
  const cancel = runHandlers['runs:cancel']
  const lists = createRunListHandlers({ workspaces, staleAfterMs, cancel, onBulkChange: () => undefined })
  const steps = createStepHandlers({ workspaces, searchPath: '' })
  const source = createRelaySource(session, { ...runHandlers, ...lists.handlers, ...steps })
  const marks = new Map<string, string>()
  const cancelElsewhere = async (runId: string): Promise<void> => {
    await cancel({ workspaceId, runId, confirmed: true })
  }

  return {
    source,
    make: async (phase, { workflowName = 'deploy', retries = 0 } = {}) => {
      const mark = `mark-${marks.size}`
      const second = seconds[phase === 'cancelled' ? 'running' : phase]
      if (!second) throw new Error(`No run of this source is ${phase}`)
      const text = workflowText(
        [
          `- { name: first, type: deterministic, command: 'printf "{\\"text\\":\\"käse\\"}"' }`,
          `- { name: second, type: deterministic, retries: ${retries}, dependsOn: [first], command: '${second(mark)}' }`,
          '- { name: third, type: deterministic, dependsOn: [second], command: echo }',
        ].join('\n'),
      ).replace('name: main', `name: ${workflowName}`)
      const file = join(dir, `flow-${marks.size}.yaml`)
      await writeFile(file, text)
      const { runId } = await session.runner.start({ file, vars: {} })
      marks.set(runId, mark)
      if (phase === 'cancelled' || phase === 'running')
        await expect.poll(() => session.store.get(runId)?.counts).toMatchObject({ completed: 1, running: 1 })
      else await session.runner.settled(runId)
      if (phase === 'cancelled') await cancelElsewhere(runId)
      return runId
    },
    makeLeft: async () => {
      const id = 'a'.repeat(24)
      const file = join(dir, '.agent-relay', 'workflow-runs.jsonl')
      await mkdir(dirname(file), { recursive: true })
      await appendFile(file, toFile([makeRunLine({ id, status: 'running' })]))
      return id
    },
    cancelElsewhere,
    mend: (runId) => writeFile(join(dir, marks.get(runId) ?? 'no-mark'), ''),
    finish: session.runner.settled,
    close: async () => {
      await source.close()
      await lists.close()
      await workspaces.close({ stopRuns: true })
      await rm(place, { recursive: true, force: true })
    },
  }
}
