import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { RunRow, StepRow } from '../electron/runs/rows'
import type { PublishedPackage } from './publishedPackages'

/** What the published reader shows of one run. */
export interface PublishedRecord {
  readonly run: RunRow | null
  readonly steps: readonly StepRow[]
}

interface WorkflowDb {
  readonly getRun: (id: string) => Promise<RunRow | null>
  readonly getStepsByRunId: (id: string) => Promise<readonly StepRow[]>
}

/** Reads a run of a workspace with the `JsonFileWorkflowDb` of a published package. */
export async function readPublished(
  { fileDb }: PublishedPackage,
  { dir, runId }: { readonly dir: string; readonly runId: string },
): Promise<PublishedRecord> {
  const loaded = (await import(/* @vite-ignore */ pathToFileURL(fileDb).href)) as {
    readonly JsonFileWorkflowDb: new (path: string) => WorkflowDb
  }
  const db = new loaded.JsonFileWorkflowDb(join(dir, '.agent-relay', 'workflow-runs.jsonl'))
  return { run: await db.getRun(runId), steps: await db.getStepsByRunId(runId) }
}
