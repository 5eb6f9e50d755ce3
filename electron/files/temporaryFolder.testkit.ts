import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export { eventually } from './eventually.testkit'

/** A folder of this test alone, removed when the test has ended. */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rundesk-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
