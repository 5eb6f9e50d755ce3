import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { RunDetail, Step } from '../../shared/runs'
import { containedPath, isPlainName } from '../files/containedPath'

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
  /** The outputs that the run left, one step per file; text over 1 MiB is cut. */
  readonly steps: (run: LooseRun) => Promise<Step[]>
}

const trajectorySchema = z.looseObject({
  task: z.looseObject({ title: z.string().optional(), source: z.looseObject({ system: z.string(), id: z.string() }) }),
  status: z.string().optional(),
  startedAt: z.string().optional(),
  completedAt: z.string().optional(),
})

interface Found {
  readonly id: string
  readonly path: string
  readonly title: string
  readonly status: string
  readonly startedAt: string | null
  readonly completedAt: string | null
}

const maxTrajectoryBytes = 16 * 1024 * 1024
const maxOutputBytes = 1024 * 1024
const maxDepth = 6

/** Finds the runs of a workspace that have no rows. Reads only; symlinks are not followed; what cannot be read is left out. */
export function createLooseRuns(workspaceDir: string): LooseRuns {
  const outputsDir = join(workspaceDir, '.agent-relay', 'step-outputs')
  const roots = [join(workspaceDir, '.trajectories'), join(workspaceDir, '.agentworkforce', 'trajectories')]
  const parsed = new Map<string, { readonly stamp: string; readonly found: Found | undefined }>()
  let runs = new Map<string, LooseRun>()

  const trajectories = async (): Promise<Map<string, Found>> => {
    const byRun = new Map<string, Found>()
    for (const path of (await Promise.all(roots.map((root) => jsonFiles(root, 0)))).flat()) {
      const file = await stat(path).catch(() => undefined)
      if (!file || file.size > maxTrajectoryBytes) continue
      const stamp = `${file.ino} ${file.size} ${file.mtimeMs}`
      let known = parsed.get(path)
      if (known?.stamp !== stamp) {
        known = { stamp, found: await readTrajectory(path) }
        parsed.set(path, known)
      }
      if (known.found) byRun.set(known.found.id, known.found)
    }
    return byRun
  }

  return {
    refresh: async (isKnown) => {
      const next = new Map<string, LooseRun>()
      for (const trajectory of (await trajectories()).values()) {
        if (!isKnown(trajectory.id))
          next.set(trajectory.id, {
            ...fromTrajectory(trajectory),
            outputs: await outputNames(outputsDir, trajectory.id),
          })
      }
      for (const entry of await folder(outputsDir)) {
        if (!entry.isDirectory() || isKnown(entry.name) || next.has(entry.name)) continue
        next.set(entry.name, await fromOutputs(outputsDir, entry.name))
      }
      const same = JSON.stringify([...next]) === JSON.stringify([...runs])
      runs = next
      return !same
    },
    list: (isKnown) =>
      [...runs.values()]
        .filter((run) => !isKnown(run.id))
        .sort((left, right) => compareText(right.startedAt ?? '', left.startedAt ?? '')),
    get: (id) => runs.get(id),
    steps: (run) => Promise.all(run.outputs.map((name) => readStep(outputsDir, run.id, name))),
  }
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
  }
}

async function jsonFiles(dir: string, depth: number): Promise<string[]> {
  const paths: string[] = []
  for (const entry of await folder(dir)) {
    const path = join(dir, entry.name)
    if (entry.isDirectory() && depth < maxDepth) paths.push(...(await jsonFiles(path, depth + 1)))
    else if (entry.isFile() && entry.name.endsWith('.json') && !entry.name.endsWith('.trace.json')) paths.push(path)
  }
  return paths
}

async function readTrajectory(path: string): Promise<Found | undefined> {
  try {
    const value = trajectorySchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const { source, title } = value.task
    if (source.system !== 'workflow-runner' || source.id === '') return undefined
    return {
      id: source.id,
      path,
      title: title ?? basename(path, '.json'),
      status: value.status ?? 'unknown',
      startedAt: value.startedAt ?? null,
      completedAt: value.completedAt ?? null,
    }
  } catch {
    return undefined
  }
}

function fromTrajectory(found: Found): Omit<LooseRun, 'outputs'> {
  const { id, path, title, status, startedAt, completedAt } = found
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
  const output = stats && stats.size <= maxOutputBytes ? await readFile(path, 'utf8').catch(() => null) : null
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
