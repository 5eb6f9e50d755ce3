import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TrajectoryDocument } from '../electron/trajectories/trajectoryDocument'

/** A finished record with eight decisions, as tools leave it: some 5 kB. */
export function makeRecord(number: number): TrajectoryDocument {
  const startMs = Date.UTC(2026, 0, 1) + number * 60_000
  const at = new Date(startMs).toISOString()
  return {
    id: `traj_${startMs}_${number.toString(16).padStart(8, '0')}`,
    version: 1,
    task: { title: `Record ${number}`, source: { system: 'plain', id: `T${number}` } },
    status: 'completed',
    startedAt: at,
    completedAt: new Date(startMs + 30_000).toISOString(),
    agents: [{ name: 'ada', role: 'lead', joinedAt: at }],
    chapters: [
      {
        id: 'chap_work',
        title: 'Work',
        agentName: 'ada',
        startedAt: at,
        events: Array.from({ length: 8 }, (_, index) => ({
          ts: startMs + index,
          type: 'decision',
          content: `Question ${index}: answer ${index}`,
          raw: {
            question: `Question ${index}`,
            chosen: `answer ${index}`,
            alternatives: [{ option: 'another', reason: 'x'.repeat(60) }],
            reasoning: 'y'.repeat(200),
          },
          significance: 'high',
        })),
      },
    ],
    retrospective: { summary: 'Done', approach: 'Step by step', confidence: 0.8 },
    commits: [],
    filesChanged: [],
    tags: [],
  }
}

/** A workspace with so many records, made when it is missing: month files with an index, or a folder for each record. */
export function trajectoryFixture(
  dir: string,
  { kind, records }: { readonly kind: 'months' | 'folders'; readonly records: number },
): string {
  const workspace = join(dir, `trajectories-${kind}-${records}`)
  if (existsSync(workspace)) return workspace
  const root = rootOf(`${workspace}.part`, kind)
  const entries: Record<string, object> = {}
  for (let number = 0; number < records; number++) {
    const { id, task, status, startedAt, completedAt, ...rest } = makeRecord(number)
    const name = kind === 'months' ? `${id}.json` : `${id}/trajectory.json`
    const path = join('completed', startedAt.slice(0, 7), name)
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), JSON.stringify({ id, task, status, startedAt, completedAt, ...rest }, null, 2))
    entries[id] = { title: task.title, status, startedAt, completedAt, path: join(rootOf(workspace, kind), path) }
  }
  const index = { version: 1, lastUpdated: new Date().toISOString(), trajectories: entries }
  if (kind === 'months') writeFileSync(join(root, 'index.json'), JSON.stringify(index, null, 2))
  renameSync(`${workspace}.part`, workspace)
  return workspace
}

/** Where the tools of each layout look. */
export function rootOf(workspace: string, kind: 'months' | 'folders'): string {
  return kind === 'months' ? join(workspace, '.trajectories') : join(workspace, '.agentworkforce', 'trajectories')
}
