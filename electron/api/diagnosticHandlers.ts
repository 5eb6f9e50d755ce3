import { arch, availableParallelism, release, totalmem } from 'node:os'
import type { Handlers } from '../../shared/contract'
import { hideQuoted } from '../../shared/rules/redact'
import type { AppLog } from './appLog'

const mostProblems = 200
const mostErrors = 100
const mostLines = 200
const mib = 1024 * 1024

/**
 * Gathers what those need who look into a problem, and takes out what is secret or private. What a person is shown is the
 * text as it would be saved.
 */
export function createDiagnosticHandlers({
  version,
  host,
  appLog: { log, redactor, timings },
  ask,
  clock = () => new Date(),
}: {
  readonly version: string
  readonly host: string
  readonly appLog: Pick<AppLog, 'log' | 'redactor' | 'timings'>
  readonly ask: Pick<Handlers, 'settings:get' | 'workspaces:list' | 'problems:query' | 'updates:get'>
  readonly clock?: () => Date
}): Pick<Handlers, 'diagnostics:get'> {
  const openedAfterMs = Math.round(performance.now())
  return {
    'diagnostics:get': async () => {
      const at = clock().toISOString()
      const { settings, trouble } = await ask['settings:get']({})
      const { problems, total } = await ask['problems:query']({ workspaceId: null, offset: 0, limit: mostProblems })
      const { rss, heapUsed } = process.memoryUsage()
      const { node, electron, chrome } = process.versions
      const found = {
        madeAt: at,
        rundesk: { version, host, update: await ask['updates:get']({}) },
        system: {
          ...{ platform: process.platform, arch: arch(), release: release(), node },
          ...(electron === undefined ? {} : { electron, chrome }),
          ...{ processors: availableParallelism(), memoryMiB: Math.round(totalmem() / mib) },
        },
        process: {
          openedAfterMs,
          upSeconds: Math.round(process.uptime()),
          memoryMiB: Math.round(rss / mib),
          heapMiB: Math.round(heapUsed / mib),
        },
        settings,
        settingsTrouble: trouble,
        workspaces: (await ask['workspaces:list']({})).workspaces,
        problemCount: total,
        problems: problems.map((problem) => ({ ...problem, message: hideQuoted(problem.message) })),
        timings: timings.list(),
        newestErrors: await log.newest({ level: 'warn', count: mostErrors }),
        newestLines: await log.newest({ level: 'debug', count: mostLines }),
      }
      const text = `${JSON.stringify(redactor.document(found), null, 2)}\n`
      return { text, name: `rundesk-diagnostics-${at.slice(0, 19).replaceAll(':', '-')}.json` }
    },
  }
}
