import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { bundleScript } from '../files/bundledScript.testkit'
import { makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { makeWorld } from './deskWorld.testkit'
import { createLedger } from './ledger'

const items = 200

/** What a process said in the end. */
interface Told {
  readonly id: string
  readonly done: number
  readonly delivered: number
  readonly changed: number
  readonly details: readonly string[]
}

test('of two processes that retry the same 200 items at the same time one sends each once, and the other is told of each', async () => {
  const { mount, home, server } = await makeWorld({ items, delayMs: 10 })
  const script = await bundleScript(fileURLToPath(new URL('retryEverything.testkit.ts', import.meta.url)))
  const open = async (name: string) => openProcess([script, mount, home, await makeTemporaryFolder(), name])
  const both = [await open('one'), await open('other')]
  await Promise.all(both.map(({ ready }) => ready))
  for (const { go } of both) go()
  const told = await Promise.all(both.map(({ end }) => end))
  const [winner, loser] = told.sort((left, right) => right.delivered - left.delivered)
  const ledger = createLedger(mount)
  await ledger.refresh()
  const written = ledger.operations().map(({ id, counts, endedAt }) => [id, counts.delivered, endedAt !== null])
  await ledger.close()
  expect({
    sent: [server.applied.size, Math.max(...server.applied.values())],
    posts: server.calls.filter(({ method }) => method === 'POST').length,
    winner: [winner?.done, winner?.delivered, winner?.details],
    loser: [loser?.done, loser?.changed, loser?.details.every((detail) => tellsWhy(detail, winner?.id))],
    written,
  }).toEqual({
    sent: [items, 1],
    posts: items,
    winner: [items, items, ['The server confirmed it ().']],
    loser: [items, items, true],
    written: [[winner?.id, items, true]],
  })
})

/** It belongs to the operation of the other, or was delivered by it already. */
function tellsWhy(detail: string, operationId: string | undefined): boolean {
  return detail.includes(`the operation ${operationId} of`) || detail.startsWith('It changed since it was shown.')
}

function openProcess(args: readonly string[]): {
  readonly ready: Promise<void>
  readonly go: () => void
  readonly end: Promise<Told>
} {
  const child = spawn(process.execPath, [...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  return {
    ready: new Promise<void>((resolve) => {
      child.stdout.on('data', (part: Buffer) => {
        text += part.toString()
        if (text.startsWith('ready\n')) resolve()
      })
    }),
    go: () => void child.stdin.end('go\n'),
    end: new Promise((resolve, reject) => {
      child.on('close', (code) => {
        if (code === 0)
          resolve(JSON.parse(text.slice('ready\n'.length)) as Told) // From our own test program.
        else reject(new Error(`The process ended with ${code}.`))
      })
    }),
  }
}
