import { access } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { assertNever } from '../../shared/outcome'
import type { Verification } from '../../shared/workflowStep'
import { containedPath } from '../files/containedPath'
import type { Sought } from './cappedOutput'
import { exitCodeWords } from './retryPolicy'
import type { ProcessResult } from './stepProcess'

const customTimeoutMs = 30_000

/** What a check looks for in all of stdout; undefined for checks of other kinds. */
export function soughtBy(verification: Verification | undefined): Sought | undefined {
  if (verification?.type === 'output_contains') return String(verification.value)
  if (verification?.type !== 'pr_url') return undefined
  const repository = String(verification.value).trim()
  const name = repository === '' ? String.raw`[\w.-]+\/[\w.-]+` : repository.replace(/[^\w/]/g, '\\$&')
  return { pattern: new RegExp(String.raw`https?:\/\/github\.com\/${name}\/pull\/\d`, 'i'), longest: 512 }
}

/** Does the step's result hold? Null when it does, else what was expected (docs/formats-runner.md, "Verification"). */
export async function verifyStep(
  verification: Verification,
  {
    found,
    cwd,
    run,
  }: {
    /** Did stdout hold what `soughtBy` gives? */
    readonly found: boolean
    readonly cwd: string
    readonly run: (command: string, timeoutMs: number) => Promise<ProcessResult>
  },
): Promise<string | null> {
  const value = String(verification.value)
  switch (verification.type) {
    case 'exit_code':
      return null
    case 'output_contains':
      return found ? null : `expected output to contain ${JSON.stringify(value)}`
    case 'pr_url':
      return found ? null : `expected output to name a pull request${value === '' ? '' : ` of ${value}`}`
    case 'file_exists':
      return fileExists(value, cwd)
    case 'custom': {
      const { end } = await run(value, verification.timeoutMs ?? customTimeoutMs)
      if (end.kind === 'exited' && end.code === 0) return null
      return end.kind === 'exited'
        ? `the check ended with exit code ${exitCodeWords(end)}`
        : `the check ${end.kind === 'timed-out' ? 'timed out' : 'was stopped'}`
    }
    default:
      return assertNever(verification.type)
  }
}

async function fileExists(value: string, cwd: string): Promise<string | null> {
  try {
    await access(isAbsolute(value) ? resolve(value) : containedPath(cwd, value))
    return null
  } catch {
    return `expected the file ${JSON.stringify(value)} to exist`
  }
}
