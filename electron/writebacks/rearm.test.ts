import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { rearmRecord } from './rearm'

const stuckRecord = { commandId: 'mountcmd_a', remotePath: '/a.md', attemptCount: 5, needsAttention: true }

async function makeOutbox(): Promise<{ readonly outbox: string; readonly record: string }> {
  const outbox = await makeTemporaryFolder()
  for (const folder of ['pending', 'acked']) await mkdir(join(outbox, folder))
  const record = join(outbox, 'pending', 'mountcmd_a.json')
  await writeFile(record, JSON.stringify(stuckRecord))
  return { outbox, record }
}

/** A mount that acknowledges a record as soon as it may be sent again. */
const hastyMount = `
const { readFileSync, renameSync } = require('node:fs')
const [record, acked] = process.argv.slice(1)
process.stdout.write('ready')
while (JSON.parse(readFileSync(record, 'utf8')).attemptCount !== 0);
renameSync(record, acked)`

test('a record that the mount sends as soon as it is re-armed was re-armed', async () => {
  for (let round = 0; round < 20; round++) {
    const { outbox, record } = await makeOutbox()
    const acked = join(outbox, 'acked', 'mountcmd_a.json')
    const mount = spawn(process.execPath, ['-e', hastyMount, record, acked], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void mount.kill('SIGKILL'))
    const ended = once(mount, 'exit')
    await once(mount.stdout, 'data')
    await rearmRecord(record)
    await ended
    expect(JSON.parse(await readFile(acked, 'utf8'))).toMatchObject({ attemptCount: 0 })
  }
})

test('a record that the mount finished meanwhile does not come back', async () => {
  const { outbox, record } = await makeOutbox()
  await writeFile(join(outbox, 'acked', 'mountcmd_a.json'), '{}')
  await expect(rearmRecord(record)).rejects.toMatchObject({ code: 'changed' })
  expect(await readdir(join(outbox, 'pending'))).toEqual([])
})
