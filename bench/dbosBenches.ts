import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { startPostgres } from '../electron/sources/dbos/postgres.testkit'
import { postgresBinaries } from '../electron/sources/dbos/postgresBinaries.testkit'
import type { Bench } from './main'
import { toLimit } from './measure'
import { takeSample } from './samples'

const [workflows, stepsOfEach] = [100_000, 5]
const database = 'many'

/** 100,000 workflows with 500,000 steps in a real PostgreSQL: the lists of a source, over the time of the same statements. */
const dbosLists: Bench = async () => {
  const bin = postgresBinaries()
  if (bin === undefined) return []
  const postgres = await startPostgres(bin)
  try {
    await postgres.createDatabase(database)
    makeTables(postgres.url('owner', database))
    await postgres.sql(database, fill)
    await postgres.sql(database, 'vacuum analyze')
    const sample = takeSample('dbosLists', [postgres.url('reader', database)])
    const own = (name: string): number =>
      Math.max(0, (sample[name] ?? Number.NaN) - (sample[`${name}Bare`] ?? Number.NaN))
    const told = (name: string, words: string, below: number) => [
      toLimit(`100,000 workflows: ${words}, of Rundesk's own`, { value: own(name), unit: 'ms', below }),
      toLimit(`100,000 workflows: ${words}, with the statement`, {
        value: sample[name] ?? Number.NaN,
        unit: 'ms',
        below: 1_000,
      }),
    ]
    return [
      ...told('first', 'first page, with loading and connecting', 200),
      ...told('page', 'a page', 200),
      ...told('failed', 'a page of the failed', 200),
      ...told('named', 'a page of one name', 200),
      ...told('deep', 'a page behind 50,000 others', 200),
      ...told('prefix', 'a page by the beginning of an id', 200),
      ...told('steps', 'the steps of a run', 200),
      toLimit('100,000 workflows: is anything new?', { value: sample.pulse ?? Number.NaN, unit: 'ms', below: 50 }),
      toLimit('100,000 workflows: miscounted', { value: sample.wrong ?? Number.NaN, unit: 'rows', below: 1 }),
      toLimit('100,000 workflows: longest stretch', { value: sample.busyMs ?? Number.NaN, unit: 'ms', below: 50 }),
      toLimit('100,000 workflows: memory grown over 300 pages', {
        value: sample.grownMib ?? Number.NaN,
        unit: 'MiB',
        below: 8,
      }),
      toLimit('100,000 workflows: peak memory', { value: sample.mib ?? Number.NaN, unit: 'MiB', below: 250 }),
    ]
  } finally {
    await postgres.close()
  }
}

/** DBOS's own command makes its tables, as it does for its workers. */
function makeTables(url: string): void {
  const command = resolve('node_modules/@dbos-inc/dbos-sdk/dist/src/cli/cli.js')
  const { status, stderr } = spawnSync(process.execPath, [command, 'schema', url], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The tables could not be made: ${stderr}`)
}

/** As a month of work leaves them: one of fifty failed, some wait, with payloads of a few hundred bytes. */
const fill = `
  insert into dbos.workflow_status (workflow_uuid, status, name, class_name, config_name, executor_id, created_at, updated_at,
    completed_at, started_at_epoch_ms, application_version, application_name, recovery_attempts, queue_name, serialization)
  select 'run-' || lpad(n::text, 8, '0'),
    case when n % 50 = 0 then 'ERROR' when n % 997 = 0 then 'ENQUEUED' when n % 1499 = 0 then 'PENDING'
      when n % 701 = 0 then 'CANCELLED' when n % 5003 = 0 then 'MAX_RECOVERY_ATTEMPTS_EXCEEDED' else 'SUCCESS' end,
    'workflow-' || n % 20, '', '', 'executor-' || n % 7, 1790000000000 + n * 1000, 1790000000500 + n * 1000,
    case when n % 997 = 0 or n % 1499 = 0 then null else 1790000000500 + n * 1000 end, 1790000000100 + n * 1000,
    'v1', 'shop', 1, case when n % 3 = 0 then 'orders' end, 'js_superjson'
  from generate_series(1, ${workflows}) n;
  insert into dbos.workflow_input (workflow_uuid, inputs)
  select 'run-' || lpad(n::text, 8, '0'), '{"json":[{"order":' || n || ',"note":"' || repeat('x', 300) || '"}],"__dbos_serializer":"superjson"}'
  from generate_series(1, ${workflows}) n;
  insert into dbos.workflow_output (workflow_uuid, output, error)
  select 'run-' || lpad(n::text, 8, '0'),
    case when n % 50 <> 0 then '{"json":"' || repeat('y', 300) || '","__dbos_serializer":"superjson"}' end,
    case when n % 50 = 0 then '{"json":{"name":"Error","message":"order ' || n || ' was refused"},"__dbos_serializer":"superjson"}' end
  from generate_series(1, ${workflows}) n;
  insert into dbos.operation_outputs (workflow_uuid, function_id, function_name, output, started_at_epoch_ms,
    completed_at_epoch_ms, serialization)
  select 'run-' || lpad(n::text, 8, '0'), s, 'step-' || s, '{"json":"' || repeat('z', 300) || '","__dbos_serializer":"superjson"}',
    1790000000000 + n * 1000 + s * 50, 1790000000040 + n * 1000 + s * 50, 'js_superjson'
  from generate_series(1, ${workflows}) n, generate_series(0, ${stepsOfEach - 1}) s`

export const dbosBenches = { dbosLists }
