import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'

/** Plays a process to its end, which hears SIGTERM again and again meanwhile. */
async function play(way: 'busy' | 'calm') {
  const [victim, worker] = await Promise.all(
    ['busyMain.testkit.ts', 'mainThreadWatchWorker.ts'].map((name) =>
      bundleScript(fileURLToPath(new URL(name, import.meta.url))),
    ),
  )
  const child = spawn(process.execPath, [victim ?? '', worker ?? '', way], { stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { heard: '', said: '' }
  child.stdout.on('data', (chunk) => {
    printed.heard += chunk
  })
  child.stderr.on('data', (chunk) => {
    printed.said += chunk
  })
  const signals = setInterval(() => child.kill('SIGTERM'), 500)
  return new Promise<{
    code: number | null
    signal: string | null
    pid: number | undefined
    heard: string
    said: string
  }>((done) =>
    child.on('close', (code, signal) => {
      clearInterval(signals)
      done({ code, signal, pid: child.pid, ...printed })
    }),
  )
}

test('a process whose main thread is busy without an end says so and is ended, though it hears no signal', async () => {
  const { code, signal, said, pid } = await play('busy')
  expect([code, signal, said.trim().split('\n')]).toEqual([
    null,
    'SIGKILL',
    [
      `rundesk: it has been busy with one thing for 1 s and answers nobody. Unless it goes on it is ended in 2 s; at once with: kill -9 ${pid}`,
      'rundesk: it was busy with one thing for 3 s and answered nobody, so it was ended. Runs that it executed can be resumed.',
    ],
  ])
})

test('one whose main thread goes on is left alone, longer than a busy one', async () => {
  const { code, said, heard } = await play('calm')
  expect([code, said, heard.startsWith('heard')]).toEqual([0, '', true])
})
