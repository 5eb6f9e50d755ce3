import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { attemptLogFile, type LogFacts, logFolder, openAttemptLog } from './attemptLog'
import type { LogChoice } from './readAttemptLog'

type Written = readonly (readonly ['stdout' | 'stderr', string | Buffer])[]

/** Writes the log of an attempt as the runner does and gives what it tells of it and how it is asked for. */
export async function writeLog(
  written: Written,
  { partBytes, finish = true }: { readonly partBytes?: number; readonly finish?: boolean } = {},
): Promise<{ readonly choice: LogChoice; readonly path: string; readonly facts: LogFacts | null }> {
  const rundeskDir = await makeTemporaryFolder()
  const choice = { rundeskDir, runId: 'run', stepName: 'step', attempt: 1 }
  const file = attemptLogFile({ runId: 'run', step: 'step', attempt: 1 })
  await mkdir(join(rundeskDir, logFolder('run')), { recursive: true })
  const log = openAttemptLog(rundeskDir, file, partBytes === undefined ? {} : { partBytes })
  for (const [stream, data] of written) if (!log.write(Buffer.from(data), stream)) await log.drained()
  return { choice, path: join(rundeskDir, file), facts: finish ? await log.finish() : null }
}
