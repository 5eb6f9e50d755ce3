import { join } from 'node:path'
import { contract } from '../../shared/contract'
import type { LogLevel } from '../../shared/diagnostics'
import type { Outcome } from '../../shared/outcome'
import { createRedactor, type Redactor } from '../../shared/rules/redact'
import type { Problem } from '../../shared/runs'
import { type OpenLog, openLog } from '../diagnostics/log'
import { privateFacts } from '../diagnostics/privateFacts'
import { createTimings, type Timings } from '../diagnostics/timings'
import { createProblemLog } from './problemLog'
import { createRequestLog } from './requestLog'
import type { Workspaces } from './workspaces'

/** What an app notes of itself, and how long it took. */
export interface AppLog {
  readonly log: OpenLog
  readonly redactor: Redactor
  readonly timings: Timings
  /** Notes a request and what came of it; of a run that it launched also the end. */
  readonly note: (channel: string, input: unknown, answer: () => Promise<Outcome<unknown>>) => Promise<Outcome<unknown>>
  /** Looks, later, for problems that are new. */
  readonly lookForProblems: () => void
  readonly close: () => Promise<void>
}

/** Opens the log in the data folder. A command line, which only comes and goes, notes its start for those who debug. */
export function openAppLog({
  dataDir,
  level,
  host,
  version,
  workspaces,
  problems,
}: {
  readonly dataDir: string
  readonly level: () => LogLevel
  readonly host: 'electron' | 'browser' | 'cli'
  readonly version: string
  readonly workspaces: () => Workspaces
  readonly problems: () => readonly Problem[]
}): AppLog {
  const redactor = createRedactor(privateFacts())
  const log = openLog({ dir: join(dataDir, 'logs'), level, redactor })
  const timings = createTimings()
  const request = createRequestLog(log, timings)
  const found = createProblemLog(problems, log)
  const ofStay = host === 'cli' ? 'debug' : 'info'
  log[ofStay]('app', 'started', { version, host, platform: process.platform, node: process.versions.node })

  const followRun = (channel: string, outcome: Outcome<unknown>): void => {
    if (!outcome.ok || !Object.hasOwn(contract, channel)) return
    const { run } = outcome.value as { readonly run?: { readonly id: string; readonly workspaceId: string } }
    const session =
      run &&
      workspaces()
        .sessions()
        .find(({ folder }) => folder.id === run.workspaceId)
    if (!session?.runner.executing().includes(run?.id ?? '')) return
    const { id: runId = '', workspaceId = '' } = run ?? {}
    void session.runner.settled(runId).then(() => {
      const status = session.store.get(runId)?.view.status ?? 'gone'
      log.info('runs', 'ended', { workspaceId, runId, status })
    })
  }
  return {
    log,
    redactor,
    timings,
    note: async (channel, input, answer) => {
      const outcome = await request(channel, input, answer)
      followRun(channel, outcome)
      return outcome
    },
    lookForProblems: host === 'cli' ? () => undefined : found.look,
    close: async () => {
      found.close()
      log[ofStay]('app', 'ended')
      await log.settled()
    },
  }
}
