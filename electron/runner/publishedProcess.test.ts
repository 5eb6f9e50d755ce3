import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { markedProcesses } from './processGroups'
import { endPublished, publishedMark, runIdFile, startPublishedProcess } from './publishedProcess'

/** Starts a command, and when it is asked to end, notes whether the command ends within half a second of that. */
const runnerScript = `
const { spawn } = require('node:child_process')
const { writeFileSync } = require('node:fs')
let noted = 'the step lives'
spawn('sleep', ['300']).once('exit', () => { noted = 'the step ended first' })
process.once('SIGTERM', () => setTimeout(() => { writeFileSync('noted', noted); process.exit(130) }, 500))
writeFileSync('up', '')
`

test('the published runner is ended before its steps, so that it sees none of them end and begins no other', async () => {
  const workspaceDir = await makeTemporaryFolder()
  const cli = join(workspaceDir, 'runner.cjs')
  await writeFile(cli, runnerScript)
  const place = { rundeskDir: join(workspaceDir, '.rundesk'), token: 'token' }
  const { identity } = await startPublishedProcess({
    runner: { packageName: '@relayflows/core', version: '1.0.0', cli, node: process.execPath },
    args: [],
    workspaceDir,
    idFile: runIdFile(place.rundeskDir, place.token),
    logPath: join(workspaceDir, 'log'),
  })
  await eventually('the runner to be up', () =>
    readFile(join(workspaceDir, 'up')).then(
      () => true,
      () => false,
    ),
  )
  await endPublished({ ...place, identity, graceMs: 30_000 })
  expect([
    await readFile(join(workspaceDir, 'noted'), 'utf8'),
    await markedProcesses(publishedMark(place.rundeskDir, place.token)),
  ]).toEqual(['the step lives', []])
})
