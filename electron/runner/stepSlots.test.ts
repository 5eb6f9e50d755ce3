import { spawn } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { buildScript, openRunner, readRows, writeWorkflow } from './runner.testkit'
import { createStepSlots, type StepSlots } from './stepSlots'

const never = new AbortController().signal
setMaxListeners(0, never)

async function openSlots(limit: number, dir?: string): Promise<{ readonly dir: string; readonly slots: StepSlots }> {
  const folder = dir ?? join(await makeTemporaryFolder(), 'slots')
  const slots = createStepSlots({ dir: folder, limit: () => limit })
  onTestFinished(() => slots.close())
  return { dir: folder, slots }
}

/** Takes as many places as are given out, and tells how many that are by now. */
function takeMany(slots: StepSlots, count: number): { readonly got: (() => void)[] } {
  const got: (() => void)[] = []
  for (let index = 0; index < count; index++) void slots.take(never).then((leave) => leave && got.push(leave))
  return { got }
}

test('no more places are given out than there are, and one that is given back goes to who waited first', async () => {
  const { slots } = await openSlots(2)
  const order: string[] = []
  const first = await slots.take(never)
  await slots.take(never)
  const third = slots.take(never).then(() => order.push('third'))
  const fourth = slots.take(never).then(() => order.push('fourth'))
  const before = [...order]
  first?.()
  await third
  const between = [...order]
  onTestFinished(() => void fourth)
  expect([before, between]).toEqual([[], ['third']])
})

test('a place that was given back twice is free once', async () => {
  const { slots } = await openSlots(1)
  const leave = await slots.take(never)
  leave?.()
  leave?.()
  await slots.take(never)
  expect(slots.tryTake()).toBeUndefined()
})

test('who gives up waiting gets none and keeps none', async () => {
  const { slots } = await openSlots(1)
  const leave = await slots.take(never)
  const giveUp = new AbortController()
  const waiting = slots.take(giveUp.signal)
  giveUp.abort()
  leave?.()
  expect([await waiting, await slots.take(never)]).toEqual([undefined, expect.any(Function)])
})

test('two of a machine share its places, each its part while both wait, and all when one is done', async () => {
  const { dir, slots } = await openSlots(4)
  const { slots: others } = await openSlots(4, dir)
  const mine = takeMany(slots, 1_000)
  await eventually('all places', () => mine.got.length === 4)
  const theirs = takeMany(others, 3)
  await eventually('both to have some', () => {
    if (mine.got.length > 2) mine.got.pop()?.()
    return mine.got.length === 2 && theirs.got.length === 2
  })
  let [done, most] = [0, 0]
  await eventually('all of theirs', () => {
    most = Math.max(most, mine.got.length + theirs.got.length)
    for (const leave of theirs.got.splice(0)) {
      leave()
      done++
    }
    return done === 3
  })
  await eventually('all places again', () => mine.got.length === 4)
  expect(most).toBe(4)
})

test('places of a process that died are free', async () => {
  const { dir, slots } = await openSlots(1)
  const script = await buildScript('takeSlot.testkit')
  const child = spawn(process.execPath, [script, dir], { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const taking = slots.take(never)
  const held = (await readdir(dir)).filter((name) => name.endsWith('.json')).length
  child.kill('SIGKILL')
  expect([held, await taking]).toEqual([1, expect.any(Function)])
})

test('a folder that cannot be used limits this process alone', async () => {
  const dir = join(await makeTemporaryFolder(), 'file')
  await writeFile(dir, '')
  const { slots } = await openSlots(1, dir)
  const leave = await slots.take(never)
  const second = slots.take(never)
  const free = slots.tryTake()
  leave?.()
  expect([free, await second]).toEqual([undefined, expect.any(Function)])
})

test('runs of one machine keep to its places together, and a step that waits says so once', async () => {
  const { slots } = await openSlots(1)
  const opened = await openRunner({ slots })
  const start = async (
    name: string,
    command: string,
  ): Promise<{ readonly runId: string; readonly ended: Promise<void> }> =>
    opened.runner.start({ file: await writeWorkflow(opened.dir, [{ name, command }]), vars: {} })
  const first = await start('first', 'while ! test -f go; do sleep 0.02; done; echo first >> ran')
  await eventually(
    'the first body',
    async () => (await readRows(opened.store, first.runId)).steps.first?.status === 'running',
  )
  const second = await start('second', 'echo second >> ran')
  const waiting = await eventually('the word', async () => {
    const { steps } = await readRows(opened.store, second.runId)
    return steps.second?.rundesk?.waitingFor ? steps.second : undefined
  })
  await writeFile(join(opened.dir, 'go'), '')
  await Promise.all([first.ended, second.ended])
  const { steps } = await readRows(opened.store, second.runId)
  const lines = (await readFile(opened.store.file, 'utf8')).split('\n').filter((line) => line.includes('waitingFor'))
  expect([
    waiting.status,
    steps.second?.status,
    steps.second?.rundesk?.waitingFor,
    lines.length,
    await readFile(join(opened.dir, 'ran'), 'utf8'),
  ]).toEqual(['pending', 'completed', undefined, 1, 'first\nsecond\n'])
})

test('a cancelled run leaves the steps that waited for a place skipped', async () => {
  const { slots } = await openSlots(1)
  const opened = await openRunner({ slots })
  const { runId, ended } = await opened.runner.start({
    file: await writeWorkflow(opened.dir, [
      { name: 'a', command: 'sleep 60' },
      { name: 'b', command: 'sleep 60' },
    ]),
    vars: {},
  })
  await eventually('the body', async () => (await readRows(opened.store, runId)).steps.a?.status === 'running')
  await opened.runner.cancel({ runId, confirmed: false })
  await ended
  const { run, steps } = await readRows(opened.store, runId)
  expect([run.status, steps.a?.error, steps.b?.status]).toEqual(['cancelled', 'Step "a" aborted', 'skipped'])
})
