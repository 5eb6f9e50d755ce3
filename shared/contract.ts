import { z } from 'zod'
import { boundedRecord } from './boundedRecord'
import { lastEndSchema } from './lastEnd'
import { logFilters, logHitsSchema, logLinesSchema, logPageSchema, logQuerySchema } from './logs'
import { noticePageSchema, noticeSchema, windowPlaces } from './notices'
import {
  auditEntrySchema,
  bulkPlanSchema,
  itemOutcomes,
  operationActs,
  operationPageSchema,
  operationSchema,
  previewSchema,
  serverFileSchema,
  versionsSchema,
} from './operations'
import { overviewSchema, slowStepsSchema } from './overview'
import { layoutSchema, placeSchema, targetSchema } from './places'
import { logLevels } from './rules/logLevel'
import { runWhereSchema } from './rules/runWhere'
import { runBulkChannels } from './runBulk'
import { runGroupChannels } from './runGroups'
import { runEventSchema } from './runHistory'
import {
  loadingSchema,
  runGlanceQuerySchema,
  runGlancesSchema,
  runPageSchema,
  runQuerySchema,
  runSortSchema,
} from './runList'
import {
  problemSchema,
  resumePlanSchema,
  rollbackPlanSchema,
  runDetailSchema,
  runSchema,
  stepSchema,
  stepStateSchema,
} from './runs'
import { runViewChannels } from './runViews'
import { chosenSettings, desktopSchema, documentTroubleSchema, settingsSchema } from './settings'
import { sourceBulkChannels } from './sourceBulk'
import { sourceChannels, sourceEvents } from './sourceChannels'
import { timelineQuerySchema, timelineSchema } from './timeline'
import { reconciliationSchema, trajectorySchema, trajectorySummarySchema } from './trajectories'
import { updateStateSchema } from './updates'
import { findingSchema, workflowFileEntrySchema, workflowPlanSchema } from './workflows'
import {
  groupStates,
  historyRowSchema,
  mountSchema,
  writebackDetailSchema,
  writebackGroupSchema,
  writebackItemSchema,
  writebackStates,
  writebackSummarySchema,
} from './writebacks'

const none = z.object({})
const workspaceId = z.string().max(64)
const runId = z.string().min(1).max(1024)
const limit = z.number().int().min(0).max(500)
const offset = z.number().int().min(0)

export const workspaceSchema = z.object({
  id: workspaceId,
  path: z.string(),
  name: z.string(),
  hasStore: z.boolean(),
  mountCount: z.number().int(),
  /** Null when the folder is fine, else why it cannot be watched. */
  trouble: z.string().nullable(),
  /** Null once every line of the store was read. */
  loading: loadingSchema.nullable(),
  degraded: z.object({ since: z.string(), message: z.string(), unsavedRows: z.number().int() }).nullable(),
  counts: z.object({
    all: z.number(),
    running: z.number(),
    needsYou: z.number(),
    failed: z.number(),
    orphaned: z.number(),
  }),
  writebacks: z.object({ undelivered: z.number(), stuck: z.number() }),
  problemCount: z.number().int(),
  /** A person saved it, or opened a file by itself, which can be undone; or the registry of mounts or the command line names it; or it is the current folder. */
  origin: z.enum(['saved', 'registry', 'named', 'current', 'opened']),
  /** Why nothing of it is changed: it is a file of runs that was opened by itself. Null where acts are possible. */
  readOnly: z.string().nullable(),
})
export type Workspace = z.infer<typeof workspaceSchema>

export const writebackSorts = ['path', 'newest', 'oldest', 'attempts', 'state'] as const

export const writebackQuerySchema = z.object({
  workspaceId: workspaceId.nullable(),
  state: z.enum(writebackStates).optional(),
  groupKey: z.string().max(64).optional(),
  /** Only items of groups in this state. */
  groupState: z.enum(groupStates).optional(),
  provider: z.string().max(1000).optional(),
  /** The folder of one mount. */
  mount: z.string().max(4096).optional(),
  /** Every word must occur in the path, a message, an operation id or a body; what stands in quotes is one word. */
  search: z.string().max(1000).optional(),
  sort: z.enum(writebackSorts).default('path'),
  /** At most so many groups and problems. */
  listLimit: z.number().int().min(0).max(1_000_000).default(500),
  offset,
  limit,
})
export type WritebackQuery = z.input<typeof writebackQuerySchema>

export const writebackPageSchema = z.object({
  items: z.array(writebackItemSchema),
  /** Exact. */
  total: z.number().int(),
  /** How many of each state there are under the same query without its `state`. */
  totals: z.partialRecord(z.enum(writebackStates), z.number().int()),
  /** What a search looks into. */
  coverage: z.object({
    searched: z.literal('paths, messages and bodies'),
    items: z.number().int(),
    /** Items whose evidence holds no answer of a server. */
    withoutBody: z.number().int(),
  }),
  /** The first of them, the worst first. */
  groups: z.array(writebackGroupSchema),
  groupTotal: z.number().int(),
  summary: writebackSummarySchema,
  mounts: z.array(mountSchema),
  problems: z.array(problemSchema),
  revision: z.number().int(),
  loading: z.boolean(),
})
export type WritebackPage = z.infer<typeof writebackPageSchema>

const ofWorkspace = { workspaceId: z.string() }
export const trajectoryRowSchema = trajectorySummarySchema.extend(ofWorkspace)
export type TrajectoryRow = z.infer<typeof trajectoryRowSchema>

export const trajectoryPageSchema = z.object({
  rows: z.array(trajectoryRowSchema),
  total: z.number().int(),
  revision: z.number().int(),
  /** True while a folder was not yet looked at: the rows are right but not all. */
  loading: z.boolean(),
})
export type TrajectoryPage = z.infer<typeof trajectoryPageSchema>

export const demoFaults = [
  'unprocessable',
  'unavailable',
  'unauthorized',
  'forbidden',
  'too-large',
  'rate-limited',
  'file-refusal',
  'dropped',
  'lost-answers',
  'slow',
  'hanging',
  'slow-receipts',
  'provider-refusal',
  'chosen-answer',
] as const
/** How a fault of the demo is set: for which files (`*` for any characters), how often, and what a chosen answer is. */
export const demoFaultInput = z.object({
  fault: z.enum(demoFaults),
  on: z.boolean(),
  path: z.string().max(1024).optional(),
  times: z.number().int().min(1).max(100_000).optional(),
  status: z.number().int().min(200).max(599).optional(),
  body: z.string().max(65_536).optional(),
})
export type DemoFault = z.infer<typeof demoFaultInput>
export const demoSchema = z.object({
  serverUrl: z.string(),
  dir: z.string(),
  daemon: z.object({ alive: z.boolean(), pid: z.number().int().nullable() }),
  faults: z.array(
    z.object({
      id: z.enum(demoFaults),
      title: z.string(),
      on: z.boolean(),
      /** What it is limited to, in words. */
      limits: z.string(),
      /** How often it has struck since it was switched on. */
      hits: z.number().int(),
    }),
  ),
  /** `status` is null when the server gave no answer. */
  requests: z.array(
    z.object({ at: z.string(), method: z.string(), path: z.string(), status: z.number().int().nullable() }),
  ),
})
export type Demo = z.infer<typeof demoSchema>

const itemRef = z.object({ key: z.string().max(64), version: z.string().max(128) })
/** Which writebacks: all of them where nothing is said. */
export const writebackFilterSchema = writebackQuerySchema.omit({ offset: true, limit: true, listLimit: true })
/** What an act is done to: a set that a preview has frozen, or items with the versions that were seen. */
const actTarget = z.object({
  setId: z.string().max(64).optional(),
  items: z.array(itemRef).min(1).max(100_000).optional(),
  reason: z.string().max(2000).nullable(),
})
const operationRef = z.object({ operationId: z.string().max(64) })
const auditFilter = z.object({
  search: z.string().max(1000).optional(),
  act: z.enum(operationActs).optional(),
  by: z.string().max(500).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
})
/** A file to save. `cut` when there was more than fits. */
const exported = z.object({ text: z.string(), name: z.string(), cut: z.boolean() })
const noticeIds = z.array(z.string().max(64)).max(500).nullable()
const runRef = z.object({ workspaceId, runId })
const logRef = runRef.extend({
  stepName: z.string().max(1024).nullable(),
  attempt: z.number().int().nullable(),
  /** The log of the step's rollback is meant. */
  rollback: z.boolean().default(false),
})
const acted = z.object({ run: runSchema })
/** Is the runner that is installed in the workspace to run it, also when the built-in one could? */
const published = z.boolean().default(false)
const resumeChoice = {
  /** The step to run again with all that depend on it; without one only what is not completed runs. */
  from: z.string().max(1024).optional(),
  /** The workflow as the run stored it, or as its file says now. */
  workflow: z.enum(['stored', 'file']).default('stored'),
  /** Leaves the run as it is and makes a new one that takes over what is completed. */
  asNewRun: z.boolean().default(false),
}
const variables = boundedRecord(z.string().max(1024 * 1024), { most: 1_000, keyLength: 200 })
const workflowRef = z.object({
  workspaceId,
  file: z.string().min(1).max(4096),
  workflow: z.string().max(500).optional(),
})
const started = acted.extend({
  /** What the workflow file is warned of. */
  warnings: z.array(findingSchema),
})

/**
 * Every request the window, the browser host and the CLI can make: one declaration per channel, from which the client,
 * the handler type and the registration are derived. `cliOnly` channels are not served to a window, because they take a
 * path or wait for as long as a run takes. Channels with `acts` change what is not Rundesk's own: read-only mode refuses them.
 */
export const contract = {
  'app:info': {
    input: none,
    output: z.object({
      version: z.string(),
      platform: z.string(),
      host: z.enum(['electron', 'browser', 'cli']),
      /** Null where start and resume work, else why not. */
      runnerUnavailable: z.string().nullable(),
      canChooseFolder: z.boolean(),
      demo: z.boolean(),
      /** What starts one, to be typed. */
      demoCommand: z.string(),
      /** Null where acts are possible, else why none is. */
      readOnly: z.string().nullable(),
      desktop: desktopSchema,
    }),
  },
  /** What became of processes that did not close by themselves, newest first: told once. Their runs are those that still wait. */
  'app:lastEnds': { input: none, output: z.object({ lastEnds: z.array(lastEndSchema) }) },
  'workspaces:list': { input: none, output: z.object({ workspaces: z.array(workspaceSchema), revision: z.number() }) },
  /** Opens the system's folder dialog; `workspace` is null when the person closed it. */
  'workspaces:choose': { input: none, output: z.object({ workspace: workspaceSchema.nullable() }) },
  /** By its path: only where there is no dialog of the system. */
  'workspaces:add': {
    input: z.object({ path: z.string().min(1).max(4096) }),
    output: z.object({ workspace: workspaceSchema }),
  },
  /** Leads to what a link names, or to the runs of a folder or file, which is put into the list. */
  'places:open': { input: z.object({ target: targetSchema }), output: placeSchema },
  /** Opens the system's file dialog for a file of runs; `hash` is null when the person closed it. */
  'places:choose': { input: none, output: z.object({ hash: z.string().nullable() }) },
  /** What could not be opened when the app started, and the like: told once. */
  'places:notices': { input: none, output: z.object({ notices: z.array(z.string()) }) },
  /** Opens another window at this place. */
  'windows:open': { input: placeSchema, output: none },
  /** Remembers how this window is divided, for when it is opened again. */
  'windows:remember': { input: layoutSchema, output: none },
  'workspaces:remove': { input: z.object({ workspaceId }), output: none },
  /** What a person should know of one workspace, or of all (null), at a glance. */
  'overview:get': { input: z.object({ workspaceId: workspaceId.nullable() }), output: overviewSchema },
  'overview:slowSteps': { input: z.object({ workspaceId: workspaceId.nullable() }), output: slowStepsSchema },
  'runs:query': { input: runQuerySchema, output: runPageSchema },
  'runs:glance': { input: runGlanceQuerySchema, output: runGlancesSchema },
  ...runGroupChannels,
  ...runBulkChannels,
  ...runViewChannels,
  ...sourceChannels,
  ...sourceBulkChannels,
  /** Every matching run at once, for scripts. */
  'runs:list': {
    cliOnly: true,
    input: z.object({
      status: z.string().optional(),
      search: z.string().optional(),
      where: runWhereSchema.optional(),
      sort: runSortSchema.optional(),
      limit: z.number().int().min(0).nullable(),
    }),
    output: z.object({
      runs: z.array(runSchema),
      total: z.number().int(),
      problems: z.array(problemSchema),
      unreadable: z.boolean(),
    }),
  },
  /** Finds the one run with this id, or with an id that starts so, in any workspace. */
  'runs:find': { cliOnly: true, input: z.object({ runId }), output: z.object({ workspaceId, runId }) },
  'runs:get': {
    input: runRef.extend({
      outputs: z.enum(['none', 'all']).default('none'),
      /** Of a run with more steps only the first that failed, that runs and of all are told, if they are known yet. */
      mostSteps: z.number().int().min(0).optional(),
    }),
    output: z.object({ run: runDetailSchema, revision: z.number(), stepsTold: z.enum(['all', 'some', 'reading']) }),
  },
  /** Steps of a run on one scale of time. */
  'runs:timeline': { input: runRef.extend({ ...timelineQuerySchema.shape, offset, limit }), output: timelineSchema },
  /** One step with its output (cut at `maxBytes`). */
  'runs:step': {
    input: runRef.extend({
      stepId: z.string().max(1024),
      maxBytes: z
        .number()
        .int()
        .min(0)
        .max(64 * 1024 * 1024)
        .default(256 * 1024),
    }),
    output: z.object({ step: stepSchema, outputCut: z.boolean() }),
  },
  /** The newest stored line of the run or of one step, as it stands in the file, cut at `maxCharacters`. */
  'runs:raw': {
    input: runRef.extend({
      stepId: z.string().max(1024).nullable(),
      maxCharacters: z
        .number()
        .int()
        .min(0)
        .max(64 * 1024 * 1024)
        .default(1024 * 1024),
    }),
    output: z.object({ line: z.number().int().nullable(), text: z.string(), cut: z.boolean() }),
  },
  /** A page of an attempt's log (the newest attempt when `attempt` is null). */
  'runs:log': {
    input: logRef.extend({
      offset,
      maxBytes: z
        .number()
        .int()
        .min(1)
        .max(4 * 1024 * 1024),
    }),
    output: logPageSchema,
  },
  /** Lines of an attempt's log, or of one of its streams, by number from 1 (the newest attempt when `attempt` is null). */
  'runs:logLines': {
    input: logRef.extend({
      fromLine: z.number().int().min(1),
      count: z.number().int().min(0).max(2000),
      stream: z.enum(logFilters).default('all'),
      /** Only lines that have at least this level, numbered among these. */
      level: z.enum(logLevels).default('all'),
    }),
    output: logLinesSchema,
  },
  /** Looks for a text or an expression in a whole log. */
  'runs:logSearch': { input: logRef.extend(logQuerySchema.shape), output: logHitsSchema },
  /** The run's state as a step found it and as it left it. */
  'runs:stepState': {
    input: runRef.extend({ stepId: z.string().max(1024) }),
    output: stepStateSchema,
  },
  'runs:start': {
    acts: true,
    cliOnly: true,
    input: workflowRef.extend({ vars: variables, published }),
    output: started,
  },
  /** What a resume with these choices would do. Changes nothing. */
  'runs:plan': { input: runRef.extend(resumeChoice), output: resumePlanSchema },
  /** Gives the run that goes on now: a new one with `asNewRun`. */
  'runs:resume': {
    acts: true,
    input: runRef.extend({ ...resumeChoice, published, confirmed: z.boolean() }),
    output: acted,
  },
  /** Returns when the run's processes are gone. `reason` is for the run's history. */
  'runs:cancel': {
    acts: true,
    input: runRef.extend({ confirmed: z.boolean(), reason: z.string().min(1).max(500).optional() }),
    output: z.object({
      cancelled: z.boolean(),
      status: z.string(),
      completedAt: z.string().nullable(),
      message: z.string(),
    }),
  },
  /** What happened to a run as a whole, oldest first: who started, resumed, cancelled it, and how it ended each time. */
  'runs:history': { input: runRef, output: z.object({ events: z.array(runEventSchema) }) },
  /** The runs that repeat a part of this one, newest first, among the newest ones of the same workflow. */
  'runs:reruns': {
    input: runRef,
    output: z.object({
      runs: z.array(
        z.object({ runId, from: z.string().nullable(), status: z.string(), startedAt: z.string().nullable() }),
      ),
    }),
  },
  /** What a rollback would do. Changes nothing. */
  'runs:planRollback': { input: runRef, output: rollbackPlanSchema },
  /** Runs the rollbacks of a run's completed steps; `runs:settled` tells when they have ended. */
  'runs:rollback': { acts: true, input: runRef.extend({ confirmed: z.boolean() }), output: acted },
  /** Writes a run store anew, one line for each row. With `endedBefore` the runs that ended before that time are taken out. */
  'runs:compact': {
    acts: true,
    input: z.object({
      workspaceId,
      endedBefore: z.iso.datetime({ offset: true }).nullable(),
      /** Are the runs that are taken out kept in a file of their own? */
      archive: z.boolean(),
    }),
    output: z.object({
      bytesBefore: z.number(),
      bytesAfter: z.number(),
      removedRuns: z.number().int(),
      copy: z.string(),
      archive: z.string().nullable(),
    }),
  },
  /** Ends or goes on with the first reading of large run stores. */
  'runs:loading': { input: z.object({ workspaceId: workspaceId.nullable(), going: z.boolean() }), output: none },
  'runs:markFailed': { acts: true, input: runRef.extend({ reason: z.string().min(1).max(2000) }), output: acted },
  /** Resolves when the run that this process executes has ended. */
  'runs:settled': { cliOnly: true, input: runRef, output: acted },
  /** The workflow files of a workspace: relay.yaml, *.yaml and *.yml at its top, in workflows/ and .relay/workflows/. */
  'workflows:list': {
    input: z.object({ workspaceId }),
    output: z.object({ files: z.array(workflowFileEntrySchema), cut: z.boolean() }),
  },
  /** What a workflow of the workspace would do; `file` is relative to it and lies in it. */
  'workflows:plan': { input: workflowRef, output: workflowPlanSchema },
  /** As `workflows:plan`, of a file anywhere; variables without a value are errors. */
  'workflows:planFile': { cliOnly: true, input: workflowRef.extend({ vars: variables }), output: workflowPlanSchema },
  /** As `runs:start`, with a file of the workspace. */
  'workflows:start': { acts: true, input: workflowRef.extend({ vars: variables, published }), output: started },
  'writebacks:query': {
    input: writebackQuerySchema,
    output: writebackPageSchema,
  },
  'writebacks:get': { input: z.object({ key: z.string().max(64) }), output: writebackDetailSchema },
  /** Says what is to become of a cause. It is kept beside the data of the mounts that it happens in. */
  'writebacks:setGroup': {
    acts: true,
    input: z.object({
      groupKey: z.string().max(64),
      state: z.enum(groupStates),
      /** Until when it is ignored; null, or left out: for ever. */
      until: z.iso.datetime({ offset: true }).nullable().optional(),
    }),
    output: z.object({ group: writebackGroupSchema }),
  },
  'writebacks:addNote': {
    acts: true,
    input: z.object({ groupKey: z.string().max(64), text: z.string().trim().min(1).max(10_000) }),
    output: z.object({ group: writebackGroupSchema }),
  },
  /** Evidence that was seen earlier and is no longer on disk, newest first. */
  'writebacks:history': {
    input: z.object({
      workspaceId: workspaceId.nullable().default(null),
      search: z.string().max(1000).optional(),
      offset,
      limit,
    }),
    output: z.object({ rows: z.array(historyRowSchema), total: z.number().int() }),
  },
  /** Freezes a set of items, as they are now, and tells what would be done to each. Changes nothing. */
  'writebacks:preview': {
    input: z.object({
      keys: z.array(z.string().max(64)).max(100_000).optional(),
      filter: writebackFilterSchema.optional(),
      act: z.enum(['retry', 'dismiss']),
    }),
    output: previewSchema,
  },
  /**
   * Writes the ledger, starts the act on exactly these items and returns at once; follow it with `operations:get`.
   * `waitSeconds` is how long a canary waits for a confirmation before it asks the person.
   */
  'writebacks:retry': {
    acts: true,
    input: actTarget.extend({ plan: bulkPlanSchema.optional(), waitSeconds: z.number().min(0).max(3600) }),
    output: operationPageSchema,
  },
  'writebacks:dismiss': { acts: true, input: actTarget, output: operationPageSchema },
  'writebacks:restore': {
    acts: true,
    input: z.object({ keys: z.array(z.string().max(64)).min(1).max(100_000) }),
    output: operationPageSchema,
  },
  /** Asks the item's server what it has of the path. */
  'writebacks:server': { input: z.object({ key: z.string().max(64) }), output: serverFileSchema },
  /** The versions to choose between when the server has a newer one. */
  'writebacks:compare': { input: z.object({ key: z.string().max(64) }), output: versionsSchema },
  /**
   * Makes this the content of the local file, after a copy of what is there, and retries it; or takes one of the versions
   * that `writebacks:compare` gave.
   */
  'writebacks:edit': {
    acts: true,
    input: itemRef.extend({
      content: z
        .string()
        .max(8 * 1024 * 1024)
        .optional(),
      take: z.enum(['server', 'local', 'conflict-copy']).optional(),
      /** The server's revision that the person saw: delivery is refused when it moved on. */
      serverRevision: z.string().max(1000).nullable().optional(),
      reason: z.string().max(2000).nullable(),
    }),
    output: operationPageSchema,
  },
  'writebacks:export': {
    input: z.object({
      keys: z.array(z.string().max(64)).max(100_000).optional(),
      filter: writebackFilterSchema.optional(),
      format: z.enum(['csv', 'json']),
    }),
    output: exported,
  },
  /** Operations, newest first. */
  'operations:list': {
    input: auditFilter.extend({ offset, limit }),
    output: z.object({ operations: z.array(operationSchema), total: z.number().int() }),
  },
  'operations:get': {
    input: z.object({
      operationId: z.string().max(64),
      outcome: z.enum([...itemOutcomes, 'none']).optional(),
      offset: offset.default(0),
      limit: limit.default(500),
    }),
    output: operationPageSchema,
  },
  'operations:pause': { acts: true, input: operationRef, output: z.object({ operation: operationSchema }) },
  /** Goes on with a paused operation, or with one whose process is gone: what was begun is first looked at on the server. */
  'operations:resume': { acts: true, input: operationRef, output: z.object({ operation: operationSchema }) },
  /** Ends it within a second; what was not begun is skipped. */
  'operations:abort': { acts: true, input: operationRef, output: z.object({ operation: operationSchema }) },
  /** Ends one whose process is gone, without going on: what was begun is looked at, the rest is skipped. */
  'operations:close': { acts: true, input: operationRef, output: z.object({ operation: operationSchema }) },
  /** Takes a dismissal back, as an operation of its own. */
  'operations:undo': { acts: true, input: operationRef, output: operationPageSchema },
  /** Who did what to which item, why, and what came of it, newest first. */
  'audit:query': {
    input: auditFilter.extend({ outcome: z.enum(itemOutcomes).optional(), offset, limit }),
    output: z.object({ entries: z.array(auditEntrySchema), total: z.number().int() }),
  },
  'audit:export': {
    input: auditFilter.extend({ outcome: z.enum(itemOutcomes).optional(), format: z.enum(['csv', 'json']) }),
    output: exported,
  },
  /** Does the repair that a problem offers. */
  'problems:repair': {
    acts: true,
    input: z.object({ workspaceId, code: z.string().max(64), path: z.string().max(4096) }),
    output: none,
  },
  'trajectories:query': {
    input: z.object({
      workspaceId: workspaceId.nullable(),
      /** Only those that tell of this run. */
      runId: runId.optional(),
      search: z.string().max(1000).optional(),
      offset,
      limit,
    }),
    output: trajectoryPageSchema,
  },
  /** Every trajectory at once, for scripts. */
  'trajectories:list': {
    cliOnly: true,
    input: z.object({ search: z.string().optional() }),
    output: z.object({
      trajectories: z.array(trajectoryRowSchema),
      problems: z.array(problemSchema),
      unreadable: z.boolean(),
    }),
  },
  /** One trajectory, read anew from its file. Unless `whole`, long texts and very many events are cut. */
  'trajectories:get': {
    input: z.object({
      workspaceId: workspaceId.nullable(),
      trajectoryId: z.string().min(1).max(1024),
      whole: z.boolean().default(false),
    }),
    output: z.object({ trajectory: trajectorySchema.extend(ofWorkspace), cut: z.boolean() }),
  },
  /** Brings the shared index of the workspace's trajectories in step with their files. */
  'trajectories:reconcile': {
    acts: true,
    input: z.object({ workspaceId }),
    output: z.object({ reconciliation: reconciliationSchema }),
  },
  'problems:query': {
    input: z.object({ workspaceId: workspaceId.nullable(), offset, limit }),
    output: z.object({ problems: z.array(problemSchema), total: z.number().int(), revision: z.number() }),
  },
  /** `trouble` tells what is wrong with their file. */
  'settings:get': {
    input: none,
    output: z.object({ settings: settingsSchema, trouble: documentTroubleSchema.nullable() }),
  },
  'settings:set': {
    input: chosenSettings.partial(),
    output: z.object({ settings: settingsSchema }),
  },
  /** Opens the system's file dialog for the Node that runs the published runner, or forgets it. */
  'settings:chooseNode': {
    input: z.object({ forget: z.boolean() }),
    output: z.object({ settings: settingsSchema }),
  },
  /** What a person was told, newest first. */
  'notices:list': {
    input: z.object({ unreadOnly: z.boolean().default(false), offset, limit }),
    output: noticePageSchema,
  },
  /** Null: all of them. */
  'notices:markRead': { input: z.object({ ids: noticeIds, read: z.boolean() }), output: none },
  'notices:clear': { input: z.object({ ids: noticeIds }), output: none },
  /** Asks to hear of the end of a run that goes, or not any more. */
  'notices:watch': { input: runRef.extend({ on: z.boolean() }), output: z.object({ watched: z.boolean() }) },
  'notices:watched': { input: runRef, output: z.object({ watched: z.boolean() }) },
  /** What those need who look into a problem, without anything secret or private: the text of a file, and its name. */
  'diagnostics:get': { input: none, output: z.object({ text: z.string(), name: z.string() }) },
  'updates:get': { input: none, output: updateStateSchema },
  /** Asks the update server now. What goes wrong stands in the answer's `trouble`. */
  'updates:check': { input: none, output: updateStateSchema },
  'updates:download': { input: none, output: updateStateSchema },
  /** Ends Rundesk, installs the update and starts it; refused while a run is going. */
  'updates:install': { input: none, output: updateStateSchema },
  'demo:get': { input: none, output: z.object({ demo: demoSchema.nullable() }) },
  'demo:setFault': {
    input: demoFaultInput,
    output: z.object({ demo: demoSchema }),
  },
  'demo:startRun': { input: z.object({ kind: z.enum(['succeeds', 'fails', 'long']) }), output: acted },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType; cliOnly?: true; acts?: true }>

export type Channel = keyof typeof contract
export type Input<C extends Channel> = z.input<(typeof contract)[C]['input']>
export type ParsedInput<C extends Channel> = z.output<(typeof contract)[C]['input']>
export type Output<C extends Channel> = z.output<(typeof contract)[C]['output']>

/** Events say what changed, not what it became: whoever shows it asks again. At most 10 per second and kind. */
export const events = {
  'workspaces:changed': z.object({ revision: z.number() }),
  'runs:changed': z.object({ workspaceId, revision: z.number() }),
  'views:changed': none,
  ...sourceEvents,
  'runs:bulkChanged': z.object({ setId: z.string() }),
  'writebacks:changed': z.object({ workspaceId, revision: z.number() }),
  'trajectories:changed': z.object({ workspaceId, revision: z.number() }),
  'operations:changed': z.object({ operationId: z.string() }),
  'notices:changed': none,
  /** Something happened that a person wants to hear of now; `desktop`: also outside of the window. */
  'notices:told': z.object({ noticeId: z.string(), notice: noticeSchema, desktop: z.boolean() }),
  /** Somebody asked outside of the window for what a notice tells of. */
  'notices:show': z.object({ notice: noticeSchema }),
  /** Somebody asked outside of the window for a place in it. */
  'window:go': z.object({ place: z.enum(windowPlaces) }),
  'settings:changed': none,
  'updates:changed': none,
  /** Somebody asked outside of the window for this place. */
  /** Somebody asked outside of the page, in the menu, to go back or forward. */
  'places:moved': z.object({ way: z.enum(['back', 'forward']) }),
  'places:asked': z.object({ hash: z.string().nullable(), message: z.string().nullable() }),
  'demo:changed': none,
} as const
export type EventName = keyof typeof events
export type EventPayload<E extends EventName> = z.output<(typeof events)[E]>

export type Handlers = { readonly [C in Channel]: (input: ParsedInput<C>) => Promise<Output<C>> }
