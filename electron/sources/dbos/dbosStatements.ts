import { quoted } from './quoted'

/**
 * The statements of Rundesk's own, for the few reads that the DBOS client has no way for: steps without their payloads, the
 * beginning of a payload, and whether anything has changed. All else goes through the client, whose form is kept by DBOS.
 * They name tables and columns that `checkDatabase` knows.
 */
export function dbosStatements(schema: string): {
  readonly steps: string
  readonly runPayload: string
  readonly stepPayload: string
  readonly errors: string
  readonly waitingVersions: string
  readonly executor: string
  readonly locked: string
  readonly pulse: string
} {
  const of = (table: string): string => `${quoted(schema)}.${table}`
  const [runs, steps] = [of('workflow_status'), of('operation_outputs')]
  const cut = (column: string): string => `left(${column}, $2) as text, octet_length(${column}) as bytes`
  return {
    /** Of a run that is there: at least one row, whose `function_id` is null when it has no steps there. */
    steps: `
      select s.function_id, s.function_name, s.child_workflow_id, s.started_at_epoch_ms, s.completed_at_epoch_ms,
        left(s.error, 8192) as error, s.serialization, r.status, r.executor_id
      from ${runs} r left join lateral (
        select * from ${steps} o where o.workflow_uuid = r.workflow_uuid order by o.function_id limit $2 offset $3
      ) s on true
      where r.workflow_uuid = $1 order by s.function_id`,
    runPayload: `
      select ${cut(`case $3 when 'input' then coalesce(i.inputs, r.inputs)
        when 'output' then coalesce(o.output, r.output) else coalesce(o.error, r.error) end`)}, r.serialization
      from ${runs} r
      left join ${of('workflow_input')} i on i.workflow_uuid = r.workflow_uuid
      left join ${of('workflow_output')} o on o.workflow_uuid = r.workflow_uuid
      where r.workflow_uuid = $1`,
    stepPayload: `
      select ${cut("case $3 when 'output' then output when 'error' then error end")}, serialization
      from ${steps} where workflow_uuid = $1 and function_id = $4`,
    errors: `
      select r.workflow_uuid, left(coalesce(o.error, r.error), 8192) as error, r.serialization
      from ${runs} r left join ${of('workflow_output')} o on o.workflow_uuid = r.workflow_uuid
      where r.workflow_uuid = any($1)`,
    waitingVersions: `
      select distinct application_version as version from ${runs}
      where status = 'ENQUEUED' and application_version is not null`,
    /** What an executor did last: its newest run, and the newest change of the runs that it may still have. */
    executor: `
      select greatest(max(updated_at), max(created_at)) as heard, count(*)::int as going
      from (select updated_at, created_at from ${runs}
        where executor_id = $1 and status = 'PENDING' limit 1000) held`,
    locked: `
      select status, updated_at, completed_at, executor_id, recovery_attempts, application_version
      from ${runs} where workflow_uuid = $1 for update`,
    /** Every part is answered from an index, however many runs there are. */
    pulse: `
      select (select max(created_at) from ${runs}) as created,
        (select max(completed_at) from ${runs} where completed_at is not null) as completed,
        (select max(started_at_epoch_ms) from ${runs} where started_at_epoch_ms is not null) as started,
        (select count(*) || '/' || coalesce(max(updated_at), 0) from
          (select updated_at from ${runs} where status = 'PENDING' order by created_at desc limit 200) p) as pending,
        (select count(*) from
          (select 1 from ${runs} where status in ('ENQUEUED', 'PENDING') limit 2000) q) as going,
        (select string_agg(r.workflow_uuid || ' ' || r.status || ' ' || r.updated_at || ' ' ||
            (select coalesce(max(o.function_id), -1) from ${steps} o where o.workflow_uuid = r.workflow_uuid), ',')
          from ${runs} r where r.workflow_uuid = any($1)) as runs`,
  }
}
