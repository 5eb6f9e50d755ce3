import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Happening, WatchedRun } from '../../shared/notices'
import { makeFaultyDisk } from '../files/faultyDisk.testkit'
import { eventually, makeTemporaryFolder } from '../files/temporaryFolder.testkit'
import { createRunStore } from '../runs/runStore'
import { makeRunLine } from '../runs/storeLines.testkit'
import { followRuns } from './runAttention'

const workspaceId = 'w1'
const idOf = (digit: string): string => digit.repeat(24)

/** A followed store with these runs in it already. */
async function makeWorld(before: readonly object[], watchedIds: readonly string[] = []) {
  const workspaceDir = await makeTemporaryFolder()
  await mkdir(join(workspaceDir, '.agent-relay'))
  const file = join(workspaceDir, '.agent-relay', 'workflow-runs.jsonl')
  const write = (changes: readonly object[]): Promise<void> => {
    const at = new Date().toISOString()
    const lines = changes.map((change) => JSON.stringify(makeRunLine({ startedAt: at, updatedAt: at, ...change })))
    return appendFile(file, lines.map((line) => `${line}\n`).join(''))
  }
  await write(before)
  const store = createRunStore({ workspaceDir, watch: true })
  const watched = new Map<string, WatchedRun>(watchedIds.map((runId) => [runId, { workspaceId, runId, byHand: true }]))
  const told: Happening[] = []
  const attention = followRuns(
    { workspaceId, workspaceName: 'payments', store, ready: store.load(), staleAfterMs: () => 3_600_000 },
    {
      watched: () => watched,
      onEnded: (runIds) => {
        for (const runId of runIds) watched.delete(runId)
      },
      tell: (happening) => told.push(happening),
      onBug: (error) => {
        throw error
      },
    },
  )
  onTestFinished(async () => {
    attention.close()
    await store.close()
  })
  await attention.settled()
  return { write, told, watched, store, attention }
}

test('a watched run that ends is told once, and not watched any more', async () => {
  const { write, told, watched } = await makeWorld([{ id: idOf('a'), status: 'running' }], [idOf('a')])
  await write([{ id: idOf('a'), status: 'completed', workflowName: 'nightly' }])
  await eventually('the notice', () => told.length === 1)
  expect([told[0]?.kind, told[0]?.subject, told[0]?.outcome, told[0]?.runId, watched.size]).toEqual([
    ...['run-ended', 'nightly', 'completed', idOf('a')],
    0,
  ])
})

test('a watched run that ended while nobody looked is told at the start', async () => {
  const { told } = await makeWorld([{ id: idOf('a'), status: 'failed', error: 'broke' }], [idOf('a')])
  expect(told.map(({ kind, message }) => [kind, message])).toEqual([['run-ended', 'broke']])
})

test('a run that nobody watches ends in silence', async () => {
  const { write, told, store, attention } = await makeWorld([{ id: idOf('a'), status: 'running' }])
  await write([{ id: idOf('a'), status: 'completed' }])
  await eventually('the end', () => store.get(idOf('a'))?.view.status === 'completed')
  await attention.settled()
  expect(told).toEqual([])
})

test('a failure of a new cause is told, and the same cause with other numbers is not', async () => {
  const { write, told } = await makeWorld([{ id: idOf('a'), status: 'failed', error: 'HTTP 500 for order 17' }])
  await write([{ id: idOf('b'), status: 'failed', error: 'HTTP 500 for order 18' }])
  await write([{ id: idOf('c'), status: 'failed', error: 'the disk is full' }])
  await write([{ id: idOf('d'), status: 'failed', error: 'the disk is full' }])
  await write([{ id: idOf('e'), status: 'failed', error: 'no route' }])
  await eventually('the last cause', () => told.some(({ message }) => message === 'no route'))
  expect(told.map(({ kind, message, runId }) => [kind, message, runId])).toEqual([
    ['new-failure', 'the disk is full', idOf('c')],
    ['new-failure', 'no route', idOf('e')],
  ])
})

test('a watched run that fails in a new way is told once, as the end of the run', async () => {
  const { write, told } = await makeWorld([{ id: idOf('a'), status: 'running' }], [idOf('a')])
  await write([{ id: idOf('a'), status: 'failed', error: 'broke' }])
  await write([{ id: idOf('b'), status: 'failed', error: 'no route' }])
  await eventually('the other failure', () => told.some(({ message }) => message === 'no route'))
  expect(told.map(({ kind, runId }) => [kind, runId])).toEqual([
    ['run-ended', idOf('a')],
    ['new-failure', idOf('b')],
  ])
})

test('a failure of long ago that is written today is no news', async () => {
  const { write, told } = await makeWorld([])
  const old = '2026-01-01T00:00:00.000Z'
  await write([{ id: idOf('a'), status: 'failed', error: 'old', completedAt: old, updatedAt: old }])
  await write([{ id: idOf('b'), status: 'failed', error: 'young' }])
  await eventually('the young failure', () => told.length > 0)
  expect(told.map(({ message }) => message)).toEqual(['young'])
})

test('rows that cannot be saved are told once, and again when the disk had recovered', async () => {
  const { told, store, attention } = await makeWorld([{ id: idOf('a'), status: 'running' }])
  const disk = makeFaultyDisk(store.file)
  onTestFinished(disk.stop)
  const kinds = (): readonly string[] =>
    told.map(({ kind, message }) => `${kind} ${message?.includes('cannot be written')}`)
  const refuse = async (digit: string): Promise<void> => {
    disk.refuse({ call: 'write', code: 'ENOSPC' })
    await store.append([makeRunLine({ id: idOf(digit) })], 'synced')
  }
  await refuse('b')
  await refuse('c')
  await eventually('the notice', () => told.length === 1)
  disk.heal()
  await eventually('the recovery', () => store.degraded() === null)
  await attention.settled()
  await refuse('d')
  await eventually('the second notice', () => told.length === 2)
  disk.heal()
  expect(kinds()).toEqual(['unsaved true', 'unsaved true'])
})
