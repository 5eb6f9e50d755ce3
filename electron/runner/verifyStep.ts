import { access } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { assertNever } from '../../shared/outcome'
import { containedPath } from '../files/containedPath'
import type { Verification } from './parseWorkflow'
import type { ProcessResult } from './stepProcess'

const customTimeoutMs = 30_000

/** Does the step's result hold? Null when it does, else what was expected (docs/formats-runner.md, "Verification"). */
export async function verifyStep(
  verification: Verification,
  {
    found,
    cwd,
    run,
  }: {
    /** Did stdout hold the value? */
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
    case 'file_exists':
      return fileExists(value, cwd)
    case 'custom': {
      const { end } = await run(value, verification.timeoutMs ?? customTimeoutMs)
      if (end.kind === 'exited' && end.code === 0) return null
      return end.kind === 'exited'
        ? `the check ended with exit code ${end.code ?? end.signal}`
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
