import pg from 'pg'
import { createDbosSource } from '../electron/sources/dbos/dbosSource'
import { dbosStatements } from '../electron/sources/dbos/dbosStatements'
import { noSecretStore } from '../electron/sources/secretStore'
import type { SourceRunQuery } from '../shared/sourceRuns'
import { savedSourceSchema } from '../shared/sources'
import { mebibytes, median, timeMs, watchThread } from './measure'
import type { Sample } from './samples'

const signal = new AbortController().signal
const rounds = 9
/** As usual, but as fast as it can. */
const limits = { connectMs: 4_000, callMs: 10_000, maxConnections: 3, questionsPerSecond: 100_000 }
const query = (more: Partial<SourceRunQuery> = {}): SourceRunQuery => ({
  view: 'all',
  where: {},
  offset: 0,
  limit: 100,
  ...more,
})

/** The same rows, read by nothing but a statement. */
const columns =
  'workflow_uuid, status, name, recovery_attempts, queue_name, executor_id, created_at, updated_at, application_version, started_at_epoch_ms, forked_from, was_forked_from, parent_workflow_id, completed_at, attributes, application_name'
const bare = (where: string, rest = ''): string =>
  `select ${columns} from dbos.workflow_status ${where} order by created_at desc limit 101 ${rest}`

const asked = {
  page: [query(), bare('')],
  failed: [query({ view: 'failed' }), bare("where status = 'ERROR'")],
  named: [query({ where: { workflowName: 'workflow-7' } }), bare("where name = 'workflow-7'")],
  deep: [query({ offset: 50_000 }), bare('', 'offset 50000')],
  prefix: [query({ where: { idPrefix: 'run-000777' } }), bare("where workflow_uuid like 'run-000777%'")],
} as const satisfies Record<string, readonly [SourceRunQuery, string]>

/** Samples about a database with many workflows; each runs in a process of its own. */
export const dbosSamples: Readonly<Record<string, (args: readonly string[]) => Promise<Sample>>> = {
  dbosLists: async ([url = '']) => {
    const client = new pg.Client({ connectionString: url })
    const firstBare = await timeMs(async () => {
      await client.connect()
      await client.query(bare(''))
    })
    const saved = savedSourceSchema.parse({
      id: 'bench',
      name: 'Bench',
      kind: 'dbos',
      reading: { from: 'environment', variable: 'URL' },
    })
    const source = createDbosSource(saved, { secrets: noSecretStore('none'), env: { URL: url }, limits })
    const sample: Record<string, number> = { firstBare, first: await timeMs(() => source.runs(query(), signal)) }
    const stretch = watchThread()
    const measure = async (
      name: string,
      ours: () => Promise<unknown>,
      theirs: () => Promise<unknown>,
    ): Promise<void> => {
      const times: [number, number][] = []
      for (let round = 0; round < rounds; round++) times.push([await timeMs(ours), await timeMs(theirs)])
      sample[name] = median(times.map(([own]) => own))
      sample[`${name}Bare`] = median(times.map(([, other]) => other))
    }
    for (const [name, [question, statement]] of Object.entries(asked))
      await measure(
        name,
        () => source.runs(question, signal),
        () => client.query(statement),
      )
    await measure(
      'steps',
      () => source.steps({ runId: 'run-00050000', offset: 0, limit: 100 }, signal),
      () =>
        client.query(
          "select function_id, function_name from dbos.operation_outputs where workflow_uuid = 'run-00050000'",
        ),
    )
    const { pulse } = dbosStatements('dbos')
    const pulses: number[] = []
    for (let round = 0; round < rounds; round++)
      pulses.push(await timeMs(() => client.query(pulse, [['run-00050000']])))
    const wrong = await countWrong((offset) => source.runs(query({ view: 'failed', offset, limit: 200 }), signal))
    const busyMs = stretch()
    const walk = async (from: number, pages: number): Promise<void> => {
      for (let page = from; page < from + pages; page++) await source.runs(query({ offset: page * 100 }), signal)
    }
    await walk(0, 40)
    const before = heapMib()
    await walk(40, 300)
    const grownMib = heapMib() - before
    await source.close()
    await client.end()
    return { ...sample, pulse: median(pulses), wrong, busyMs, grownMib, mib: mebibytes() }
  },
}

/** 2,000 of the runs failed: how many of them its pages leave out, repeat or make up. */
async function countWrong(
  page: (
    offset: number,
  ) => Promise<{ readonly rows: readonly { readonly id: string; readonly error: string | null }[] }>,
): Promise<number> {
  const found = new Map<string, string | null>()
  for (let offset = 0; offset < 2_400; offset += 200)
    for (const { id, error } of (await page(offset)).rows) found.set(id, error)
  const right = [...found].filter(
    ([id, error]) => Number(id.slice(4)) % 50 === 0 && error === `order ${Number(id.slice(4))} was refused`,
  )
  return Math.abs(2_000 - right.length) + (found.size - right.length)
}

function heapMib(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1024 / 1024
}
