import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunDetail, Step } from '../../shared/runs'
import type { TrajectorySummary } from '../../shared/trajectories'
import { containedPath, isPlainName } from '../files/containedPath'
import { readPlainText } from '../files/plainFile'

/** A run that left no line in the run store: only its step outputs or a trajectory tell of it (docs/formats.md). */
export interface LooseRun {
  readonly id: string
  readonly kind: 'step-outputs' | 'trajectory'
  readonly path: string
  readonly workflowName: string
  readonly status: string
  readonly startedAt: string | null
  readonly completedAt: string | null
  readonly outputs: readonly string[]
}

export interface LooseRuns {
  /** Looks at the folders again. `isKnown` tells which ids have rows and are left alone. Gives true when the list changed. */
  readonly refresh: (isKnown: (id: string) => boolean) => Promise<boolean>
  /** Those without rows, newest first. */
  readonly list: (isKnown: (id: string) => boolean) => readonly LooseRun[]
  readonly get: (id: string) => LooseRun | undefined
  /** Grows with every change of the list. */
  readonly revision: () => number
  /** The outputs that the run left, one step per file; text over 1 MiB is cut. */
  readonly steps: (run: LooseRun) => Promise<Step[]>
}

const maxOutputBytes = 1024 * 1024

/**
 * Finds the runs of a workspace that have no rows. `trajectories` gives those of the workspace, newest first, as they were
 * last looked at. Reads only; symlinks are not followed; what cannot be read is left out.
 */
export function createLooseRuns(workspaceDir: string, trajectories: () => readonly TrajectorySummary[]): LooseRuns {
  const outputsDir = join(workspaceDir, '.agent-relay', 'step-outputs')
  let runs = new Map<string, LooseRun>()
  let revision = 0

  return {
    refresh: async (isKnown) => {
      const next = new Map<string, LooseRun>()
      const folders = (await folder(outputsDir)).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
      const withOutputs = new Set(folders)
      for (const trajectory of trajectories()) {
        const { runId } = trajectory
        if (runId === null || isKnown(runId) || next.has(runId)) continue
        const outputs = withOutputs.has(runId) ? await outputNames(outputsDir, runId) : []
        next.set(runId, { ...fromTrajectory(trajectory, runId), outputs })
      }
      for (const name of folders) {
        if (!isKnown(name) && !next.has(name)) next.set(name, await fromOutputs(outputsDir, name))
      }
      const same = next.size === runs.size && [...next].every(([id, run]) => isSameRun(run, runs.get(id)))
      runs = next
      if (!same) revision++
      return !same
    },
    list: (isKnown) =>
      [...runs.values()]
        .filter((run) => !isKnown(run.id))
        .sort((left, right) => compareText(right.startedAt ?? '', left.startedAt ?? '')),
    get: (id) => runs.get(id),
    revision: () => revision,
    steps: (run) => Promise.all(run.outputs.map((name) => readStep(outputsDir, run.id, name))),
  }
}

function isSameRun(left: LooseRun, right: LooseRun | undefined): boolean {
  return (
    left.path === right?.path &&
    left.workflowName === right.workflowName &&
    left.status === right.status &&
    left.startedAt === right.startedAt &&
    left.completedAt === right.completedAt &&
    left.outputs.length === right.outputs.length &&
    left.outputs.every((name, index) => name === right.outputs[index])
  )
}

/** A run without rows as the contract shows it. */
export function looseRunDetail(run: LooseRun, workspaceId: string, steps: readonly Step[]): RunDetail {
  const total = run.outputs.length
  return {
    id: run.id,
    workspaceId,
    workflowName: run.workflowName,
    status: run.status,
    liveness: null,
    livenessReason: null,
    owned: false,
    owner: null,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    updatedAt: run.completedAt ?? run.startedAt,
    error: null,
    saved: true,
    stepCounts: { total, pending: 0, running: 0, completed: total, failed: 0, skipped: 0 },
    source: { kind: run.kind, path: run.path },
    retry: null,
    state: {},
    steps: [...steps],
    history: [],
    parent: null,
    runner: null,
    workflowFile: null,
  }
}

function fromTrajectory(trajectory: TrajectorySummary, id: string): Omit<LooseRun, 'outputs'> {
  const { path, title, status, startedAt, completedAt } = trajectory
  return { id, kind: 'trajectory', path, workflowName: title, status, startedAt, completedAt }
}

async function fromOutputs(outputsDir: string, id: string): Promise<LooseRun> {
  const path = containedPath(outputsDir, id)
  const outputs = await outputNames(outputsDir, id)
  const times = await Promise.all(
    outputs.map((name) =>
      stat(join(path, name)).then(
        (file) => file.mtimeMs,
        () => Number.NaN,
      ),
    ),
  )
  const known = times.filter((ms) => !Number.isNaN(ms))
  const startedAt = known.length > 0 ? new Date(Math.min(...known)).toISOString() : null
  return {
    id,
    kind: 'step-outputs',
    path,
    workflowName: '(unknown workflow)',
    status: 'unknown',
    startedAt,
    completedAt: null,
    outputs,
  }
}

async function outputNames(outputsDir: string, id: string): Promise<string[]> {
  if (!isPlainName(id)) return []
  const entries = await folder(containedPath(outputsDir, id))
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith('.md')).map((entry) => entry.name)
}

async function readStep(outputsDir: string, id: string, file: string): Promise<Step> {
  const name = file.slice(0, -'.md'.length)
  const path = containedPath(outputsDir, id, file)
  const stats = await stat(path).catch(() => undefined)
  const output = stats && stats.size <= maxOutputBytes ? await readPlainText(path).catch(() => null) : null
  const at = stats ? new Date(stats.mtimeMs).toISOString() : null
  const outputBytes = stats?.size ?? null
  return {
    id: name,
    name,
    type: 'unknown',
    status: 'completed',
    attempts: [],
    dependsOn: [],
    output,
    outputBytes,
    error: null,
    startedAt: null,
    completedAt: at,
    saved: true,
  }
}

async function folder(dir: string): Promise<Dirent[]> {
  return readdir(dir, { withFileTypes: true }).catch(() => [])
}

function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
