import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { openApp } from './openApp.testkit'

/** Whatever is read of a workspace and of its mount. */
const places = [
  '.agent-relay/workflow-runs.jsonl',
  '.agent-relay/rundesk/store.lock',
  '.agent-relay/rundesk/leases/a.json',
  '.agent-relay/step-outputs/abcd/one.md',
  '.trajectories/index.json',
  '.trajectories/active/traj_one.json',
  'relay.yaml',
  'tickets/.relay/mount.pid',
  'tickets/.relay/dead-letter/op_1.json',
  'tickets/.relay/outbox/pending/mountcmd_1.json',
  'tickets/.relay/rundesk/ledger.jsonl',
]

test.skipIf(process.platform === 'win32')(
  'pipes in the place of files keep nobody waiting: all is answered, and the pipes are told',
  async () => {
    const workspace = await makeTemporaryFolder()
    for (const place of places) {
      await mkdir(dirname(join(workspace, place)), { recursive: true })
      execFileSync('mkfifo', [join(workspace, place)])
    }
    const state = { workspaceId: 'ws', remoteRoot: '/', status: 'ready' }
    await writeFile(join(workspace, 'tickets/.relay/state.json'), JSON.stringify(state))
    const { app, client, workspaceId } = await openApp([workspace])
    const page = { workspaceId, offset: 0, limit: 100 }
    const asked: readonly (readonly [channel: string, input: unknown])[] = [
      ['workspaces:list', {}],
      ['runs:query', { ...page, filter: 'all' }],
      ['runs:list', { limit: null }],
      ['runs:get', { workspaceId, runId: 'abcd', outputs: 'all' }],
      ['trajectories:list', {}],
      ['writebacks:query', page],
      ['workflows:list', { workspaceId }],
      ['workflows:plan', { workspaceId, file: 'relay.yaml' }],
      ['runs:cancel', { workspaceId, runId: 'abcd', confirmed: true }],
    ]
    const answers = await Promise.all(asked.map(([channel, input]) => app.request(channel, input, 'cli')))
    const unexpected = answers.filter((answer) => !answer.ok && answer.error.code === 'internal')
    const { problems } = await client.request('problems:query', page)
    const told = problems.filter(({ message }) => message.includes('is no plain file')).map(({ path }) => path)
    expect({ answered: answers.length, unexpected }).toEqual({ answered: asked.length, unexpected: [] })
    expect(told).toEqual(expect.arrayContaining([join(workspace, '.agent-relay/workflow-runs.jsonl')]))
  },
)
