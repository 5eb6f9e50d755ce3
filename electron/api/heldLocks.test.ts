import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Failure } from '../../shared/outcome'
import { hostIdentity, processStartTime } from '../files/processIdentity'
import { openApp } from './openApp.testkit'
import { makeWorkspace, runIdOf } from './runsWorld.testkit'

test('a process that holds every lock keeps nobody waiting for ever: each act says who holds it, and reads go on', async () => {
  const workspace = await makeWorkspace([{ id: runIdOf(1), status: 'failed' }])
  const { app, client, workspaceId, dataDir } = await openApp([workspace])
  const holder = spawn('sleep', ['600'])
  onTestFinished(() => {
    holder.kill('SIGKILL')
  })
  const locks = [
    join(workspace, '.agent-relay', 'rundesk', 'store.lock'),
    ...['settings', 'views'].map((name) => join(dataDir, `${name}.json.lock`)),
  ]
  for (const lock of locks) await hold(lock, holder)
  const acts: readonly (readonly [channel: string, input: unknown])[] = [
    ['runs:cancel', { workspaceId, runId: runIdOf(1), confirmed: true }],
    ['settings:set', { theme: 'dark' }],
    ['views:save', { name: 'mine', ask: { filter: 'all' } }],
  ]
  const ask = (): Promise<readonly (string | undefined)[]> =>
    Promise.all(
      acts.map(async ([channel, input]) => {
        const outcome = await app.request(channel, input, 'window')
        return outcome.ok ? 'done' : said(outcome.error, holder)
      }),
    )
  const asked = ask()
  const { total } = await client.request('runs:query', { workspaceId, filter: 'all', offset: 0, limit: 10 })
  const refused = await asked
  const ended = new Promise((done) => holder.once('exit', done))
  holder.kill('SIGKILL')
  await ended
  expect({ total, refused, afterItsDeath: await ask() }).toEqual({
    total: 1,
    refused: ['locked by the holder', 'locked by the holder', 'locked by the holder'],
    afterItsDeath: ['done', 'done', 'done'],
  })
})

/** Puts a lock of that living process there. */
async function hold(path: string, { pid = 0 }: ChildProcess): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const startTime = await processStartTime(pid)
  await writeFile(path, JSON.stringify({ token: '0'.repeat(24), pid, startTime, host: hostIdentity }))
}

function said({ code, message }: Failure, { pid }: ChildProcess): string {
  return message.includes(`is held by process ${pid}`) ? `${code} by the holder` : `${code}: ${message}`
}
