import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RunRow, StoreLine } from '../electron/runs/rows'
import { createRunStore, type RunStore } from '../electron/runs/runStore'
import { makeRunLine, makeStepLine, toFile } from '../electron/runs/storeLines.testkit'
import { leftOver } from './leftOver'
import { type Aftermath, compareChanges, type Scenario } from './scenario'

const runId = 'a'.repeat(24)
const otherId = 'b'.repeat(24)
const stepId = 'c'.repeat(24)
const fileOf = (dir: string): string => join(dir, '.agent-relay', 'workflow-runs.jsonl')

async function prepare(dir: string): Promise<void> {
  await mkdir(dirname(fileOf(dir)))
  const rows = [
    makeRunLine({ id: runId, status: 'failed' }),
    makeStepLine({ id: stepId, runId }),
    makeRunLine({ id: otherId, status: 'completed' }),
  ]
  await writeFile(fileOf(dir), `${toFile(rows)}{"kind":"step","row":{"id":"torn`)
}

async function openStore({ dir, onEnd }: { readonly dir: string } & Partial<Aftermath>): Promise<RunStore> {
  const store = createRunStore({ workspaceDir: dir, watch: false })
  onEnd?.(store.close)
  await store.load()
  return store
}

/** The changes that the run's row carries, in order: a lost update leaves a gap. */
const madeIn = (row: RunRow | undefined): readonly string[] => (Array.isArray(row?.made) ? (row.made as string[]) : [])

/** Compare and swap: a step line and then the run's line, under the store's lock. */
async function claim(store: RunStore, id: string): Promise<void> {
  await store.claim(runId, (record) => {
    if (!record) throw new Error('the run is gone')
    const step = { ...(record.steps[0] ?? { id: stepId, runId }), by: id, output: 'o'.repeat(5_000) }
    return [
      { kind: 'step', row: step },
      { kind: 'run', row: { ...record.run, made: [...madeIn(record.run), id] } },
    ]
  })
}

/** Claims in the run store: each is whole, none is lost, a dead claimer's lock is in nobody's way. */
export const claimScenario: Scenario = {
  victims: 2,
  changes: 1,
  prepare,
  open: async ({ dir }) => {
    const store = await openStore({ dir })
    return (id) => claim(store, id)
  },
  check: (after) => checkClaims(after, { expected: ['leases'] }),
}

/** Claims between compactions: the file is written anew, and no row changes by it. */
export const compactionScenario: Scenario = {
  victims: 1,
  changes: 1,
  prepare,
  open: async ({ dir }) => {
    const store = await openStore({ dir })
    return async (id) => {
      await claim(store, id)
      await store.compact({ endedBeforeMs: null, archive: true })
    }
  },
  check: async (after) => {
    const wrong = await checkClaims(after, { expected: ['leases', 'archive'] })
    const store = await openStore(after)
    await store.compact({ endedBeforeMs: null, archive: true })
    const expected = ['workflow-runs.jsonl', 'rundesk']
    return [...wrong, ...(await leftOver(join(after.dir, '.agent-relay'), { ...after, expected }))]
  },
}

async function checkClaims(
  after: Aftermath,
  { expected }: { readonly expected: readonly string[] },
): Promise<readonly string[]> {
  const store = await openStore(after)
  await claim(store, after.heir)
  const record = await store.read(runId)
  const rundesk = join(after.dir, '.agent-relay', 'rundesk')
  return [
    ...compareChanges(madeIn(record?.run), after),
    ...(record?.steps[0]?.by === after.heir ? [] : ['the newest claim lacks its step line']),
    ...(store.get(otherId) ? [] : ['another run is hidden']),
    ...tornOnly(store, after),
    ...(await leftOver(rundesk, { ...after, expected })),
  ]
}

/** A line of a run that the victim holds; each carries the change that it makes. */
const stepLine = (id: string): StoreLine => makeStepLine({ id: stepId, runId, by: id, output: 'o'.repeat(200) })

/** Lines appended without the lock, written and synced in turn. */
export const appendScenario: Scenario = {
  victims: 1,
  changes: 2,
  prepare,
  open: async ({ dir, complain }) => {
    const store = await openStore({ dir })
    store.onWriteFailure(({ error }) => complain(`a write failed: ${error.message}`))
    return (id) => store.append([stepLine(id)], Number(id.split('-')[1]) % 2 === 0 ? 'written' : 'synced')
  },
  check: async (after) => {
    const store = await openStore(after)
    await store.append([stepLine(after.heir)], 'synced')
    const lines = (await readFile(fileOf(after.dir), 'utf8')).split('\n')
    const standing = lines.flatMap((line) => {
      const by = /"by":"([^"]+)"/.exec(line)?.[1]
      return by !== undefined && line === JSON.stringify(stepLine(by)) ? [by] : []
    })
    const reader = await openStore(after)
    const newest = (await reader.read(runId))?.steps[0]?.by
    return [
      ...compareChanges(standing, after),
      ...(newest === after.heir ? [] : ['the next line is not what the step says']),
      ...(reader.get(otherId) ? [] : ['another run is hidden']),
      ...tornOnly(reader, after),
    ]
  },
}

/** Each kill may tear one line, and one was torn from the start. Nothing else may be a problem. */
function tornOnly(store: RunStore, { kills }: Aftermath): readonly string[] {
  const problems = store.problems()
  const torn = problems.filter(({ code }) => code === 'malformed_line').length
  return [
    ...problems.filter(({ code }) => code !== 'malformed_line').map(({ message }) => message),
    ...(torn > kills + 1 ? [`${torn} damaged lines after ${kills} kills`] : []),
  ]
}
