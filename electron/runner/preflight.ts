import { randomBytes } from 'node:crypto'
import { assertNever, RundeskError } from '../../shared/outcome'
import { causeOf } from '../../shared/systemErrors'
import type { PreflightCheck } from '../../shared/workflowFile'
import type { AttemptLog } from './attemptLog'
import { limitMarks } from './limitMark'
import { endProcesses, type ProcessMark } from './processGroups'
import { allowedEnvironment, stepVariables } from './runEnvironment'
import { type ProcessResult, runShell } from './stepProcess'
import { startWatchdog } from './watchdog'

const checkMs = 30_000
const saidCharacters = 200

/**
 * Runs the checks of a workflow one after the other, before anything is recorded. Throws `refused` for the first that
 * fails, naming it; `details` hold its `check` (from 0), `command` and `output`. Nothing that they started is left.
 */
export async function runPreflight(
  checks: readonly PreflightCheck[],
  {
    workspaceDir,
    graceMs,
    signal,
  }: {
    readonly workspaceDir: string
    readonly graceMs: number
    readonly signal: AbortSignal
  },
): Promise<void> {
  if (checks.length === 0) return
  const execution = randomBytes(12).toString('hex')
  const watchdog = startWatchdog({ execution, graceMs })
  const groups = new Set<number>()
  try {
    for (const [index, check] of checks.entries()) {
      const attempt = `${execution}.preflight.${index + 1}`
      const mark: ProcessMark = `RUNDESK_ATTEMPT=${attempt}`
      const result = await runShell({
        command: check.command,
        cwd: workspaceDir,
        base: allowedEnvironment(),
        env: stepVariables({
          named: [],
          own: { RUNDESK_EXECUTION: execution, RUNDESK_ATTEMPT: attempt },
        }),
        timeoutMs: checkMs,
        graceMs,
        signal,
        mark,
        limitKib: limitMarks({ runId: '', execution })(attempt),
        log: noLog,
        onGroup: (pgid) => {
          groups.add(pgid)
          watchdog.addGroup(pgid)
        },
      })
      await endProcesses({ mark, groups: [...groups], graceMs })
      const wrong = judge(check, result)
      if (wrong === null) continue
      const name = JSON.stringify(check.description ?? check.command.slice(0, saidCharacters))
      throw new RundeskError('refused', `The preflight check ${name} failed: ${wrong}. Nothing was started.`, {
        details: { check: index, command: check.command, output: result.stdout },
      })
    }
  } finally {
    watchdog.dismiss()
  }
}

/** A check leaves no log: what it said is in the refusal. */
const noLog: AttemptLog = { write: () => true, drained: async () => undefined, finish: async () => null }

/** Why the check failed; null when it holds. Patterns see the output as it is, `empty` and `non-empty` without blanks. */
function judge({ failIf, successIf }: PreflightCheck, { end, stdout, stderr }: ProcessResult): string | null {
  switch (end.kind) {
    case 'aborted':
      return 'it was stopped'
    case 'timed-out':
      return `it took longer than ${checkMs / 1000} s`
    case 'not-started':
      return `the shell could not be started (${causeOf(end.error)})`
    case 'exited':
      break
    default:
      return assertNever(end)
  }
  if (end.code !== 0)
    return `it ended with ${end.code === null ? `signal ${end.signal}` : `exit code ${end.code}`}${said(stderr)}`
  const isEmpty = stdout.trim() === ''
  if (failIf === 'empty') return isEmpty ? 'its output is empty' : successOf(successIf, stdout)
  if (failIf === 'non-empty') return isEmpty ? successOf(successIf, stdout) : `its output is not empty${said(stdout)}`
  if (failIf !== undefined && failIf !== '' && new RegExp(failIf).test(stdout))
    return `its output matches ${JSON.stringify(failIf)}${said(stdout)}`
  return successOf(successIf, stdout)
}

function successOf(successIf: string | undefined, stdout: string): string | null {
  if (successIf === undefined || successIf === '' || new RegExp(successIf).test(stdout)) return null
  return `its output does not match ${JSON.stringify(successIf)}${said(stdout)}`
}

function said(text: string): string {
  const start = text.trim().slice(0, saidCharacters)
  return start === '' ? '' : `: ${start}`
}
