import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../../files/temporaryFolder.testkit'
import { startPracticeServer } from '../practiceServer/practiceServer'
import { startPracticeDaemon } from './practiceDaemon'

async function started() {
  const mountDir = await makeTemporaryFolder()
  const account = { token: 'practice', workspaceId: 'ws_test' }
  const server = await startPracticeServer({ ...account, seedFiles: { '/docs/a.md': 'one\n' } })
  const daemon = await startPracticeDaemon({
    ...account,
    mountDir,
    serverUrl: server.url,
    intervalMs: 50,
    backoffMs: 5,
  })
  onTestFinished(async () => {
    await daemon.stop()
    await server.close()
  })
  const records = async (state: string) => {
    const dir = join(mountDir, '.relay', 'outbox', state)
    const names = (await readdir(dir).catch(() => [])).filter((name) => !name.startsWith('.'))
    const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8').catch(() => undefined)))
    return names.flatMap((name, index) => {
      const text = texts[index] // A record that was moved on in the meantime is no longer here.
      return text === undefined ? [] : [{ file: join(dir, name), ...JSON.parse(text) }]
    })
  }
  return { mountDir, server, records, file: join(mountDir, 'docs', 'a.md') }
}

test('an edit reaches the server and its record is acked', async () => {
  const { server, records, file } = await started()
  await writeFile(file, 'two\n')
  await eventually('the acked record', async () => (await records('acked')).length === 1)
  expect(server.files.files.get('/docs/a.md')?.content).toBe('two\n')
})

test('a refused write leaves dead letters, is stuck after five attempts and delivered when re-armed', async () => {
  const { mountDir, server, records, file } = await started()
  const fault = server.faults.set({ on: ['write'], effect: { kind: 'refuse', status: 422 } })
  await mkdir(join(mountDir, 'docs'), { recursive: true })
  await writeFile(file, 'two\n')
  const stuck = await eventually('the stuck record', async () =>
    (await records('pending')).find((one) => one.needsAttention),
  )
  expect(stuck.attemptCount).toBe(5)
  await eventually(
    'ten dead-letter files',
    async () => (await readdir(join(mountDir, '.relay', 'dead-letter'))).length === 10,
  )
  server.faults.clear(fault)
  const { file: path, needsAttention: _, nextAttemptAt: __, ...rest } = stuck
  await writeFile(path, JSON.stringify({ ...rest, attemptCount: 0 }))
  await eventually('the delivery', async () => (await records('acked')).length === 1)
  expect(server.files.files.get('/docs/a.md')?.content).toBe('two\n')
})

test('a call without the token is refused', async () => {
  const { server } = await started()
  expect((await fetch(`${server.url}/v1/workspaces/ws_test/fs/tree`)).status).toBe(401)
})
