import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { traceDisk } from '../files/diskTrace.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createRunStore } from './runStore'
import { makeRunLine, makeStepLine } from './storeLines.testkit'

/** What happens to the store's file while a run is claimed and one of its steps appended. */
async function eventsWith(syncs: boolean, watch: boolean): Promise<readonly string[]> {
  const workspaceDir = await makeTemporaryFolder()
  await mkdir(join(workspaceDir, '.agent-relay'))
  const store = createRunStore({ workspaceDir, watch, syncs: () => syncs })
  await store.load()
  const events = await traceDisk(workspaceDir, async (acknowledge) => {
    await store.claim('0'.repeat(24), () => [makeRunLine()])
    acknowledge('claimed')
    await store.append([makeStepLine()], 'synced')
    acknowledge('appended')
    await store.append([makeStepLine({ status: 'completed' })], 'synced')
    acknowledge('appended')
  })
  await store.close()
  const ours = events.filter(({ path, kind }) => path.endsWith('.jsonl') || kind === 'acknowledge')
  return ours
    .map((event) => (event.kind === 'acknowledge' ? event.id : event.kind))
    .filter((kind) => kind !== 'make file')
}

test.each([
  ['in a window', true],
  ['on the command line', false],
])(
  '%s steps are on the disk before they go on, unless a person chose the faster way; a claim always is',
  async (_where, watch) => {
    expect([await eventsWith(true, watch), await eventsWith(false, watch)]).toEqual([
      ['write', 'sync', 'claimed', 'write', 'sync', 'appended', 'write', 'sync', 'appended'],
      ['write', 'sync', 'claimed', 'write', 'appended', 'write', 'appended'],
    ])
  },
)
