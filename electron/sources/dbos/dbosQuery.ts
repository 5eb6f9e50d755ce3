import type { DBOSClient } from '@dbos-inc/dbos-sdk'

/** A workflow as the client tells of it. */
export type DbosWorkflow = Awaited<ReturnType<DBOSClient['listWorkflows']>>[number]
type DbosInput = Parameters<DBOSClient['listWorkflows']>[0]

/** Which workflows: all that is said must hold. Newest first. */
export interface DbosQuery {
  readonly ids?: readonly string[]
  readonly statuses?: readonly string[]
  readonly workflowName?: string | undefined
  readonly idPrefix?: string | undefined
  readonly queueName?: string | undefined
  readonly applicationVersions?: readonly string[]
  readonly applicationName?: string | undefined
  readonly executorId?: string | undefined
  readonly parentRunId?: string | undefined
  readonly forkedFrom?: string | undefined
  /** Created at this time or later. */
  readonly from?: string | undefined
  /** Created by then. */
  readonly to?: string | undefined
  readonly offset: number
  readonly limit: number
}

/** What the client takes: always with a limit and without payloads. */
export function toDbosInput(query: DbosQuery): DbosInput {
  const wanted: Record<keyof DbosInput, unknown> | Record<string, unknown> = {
    workflowIDs: query.ids,
    status: query.statuses,
    workflowName: query.workflowName,
    // The server takes it as a pattern.
    workflow_id_prefix: query.idPrefix?.replace(/[\\%_]/g, String.raw`\$&`),
    queueName: query.queueName,
    applicationVersion: query.applicationVersions,
    applicationName: query.applicationName,
    executorId: query.executorId,
    parentWorkflowID: query.parentRunId,
    forkedFrom: query.forkedFrom,
    startTime: query.from,
    endTime: query.to,
  }
  return {
    ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
    offset: query.offset,
    limit: query.limit,
    sortDesc: true,
    loadInput: false,
    loadOutput: false,
  }
}
