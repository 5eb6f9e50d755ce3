import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TrajectoryDocument } from '../electron/trajectories/trajectoryDocument'

const startMs = Date.parse('2026-02-01T08:00:00Z')

/** A finished record with eight decisions, about 3 kB, always the same for the same number. */
export function makeRecord(number: number): TrajectoryDocument & { readonly id: string } {
  const at = (minute: number): string => new Date(startMs + number * 1_000 + minute * 60_000).toISOString()
  const events = Array.from({ length: 8 }, (_, index) => ({
    ts: startMs + number * 1_000 + index,
    type: 'decision',
    content: `Where does part ${index} go: the second place`,
    significance: 'high',
    raw: {
      question: `Where does part ${index} go`,
      chosen: 'the second place',
      alternatives: [{ option: 'the first place', reason: 'it is nearer' }],
      reasoning: 'It is read more often than it is written, and the second place is faster to read.',
    },
  }))
  return {
    id: `traj_${number.toString(36).padStart(12, '0')}`,
    version: 1,
    task: { title: `Move part ${number}`, source: { system: 'plain', id: String(number) } },
    status: 'completed',
    startedAt: at(0),
    completedAt: at(30),
    agents: [{ name: 'ada', role: 'lead', joinedAt: at(0) }],
    chapters: [{ id: 'chap_one', title: 'Work', agentName: 'ada', startedAt: at(0), endedAt: at(30), events }],
    retrospective: { summary: 'Moved', approach: 'One part after the other', confidence: 0.9 },
    commits: [],
    filesChanged: ['src/a.ts'],
    tags: [],
  }
}

/**
 * A folder with so many records as other tools leave it: files by month with an index, whose paths name the place where
 * the folder is `usedAt`, or a folder for each record.
 */
export function makeRecords(
  root: string,
  { count, layout, usedAt }: { readonly count: number; readonly layout: 'month' | 'folder'; readonly usedAt: string },
): void {
  const entries: Record<string, unknown> = {}
  for (let number = 0; number < count; number++) {
    const record = makeRecord(number)
    const path = join('completed', '2026-02', layout === 'month' ? `${record.id}.json` : `${record.id}/trajectory.json`)
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), JSON.stringify(record, null, 2))
    const { task, status, startedAt, completedAt } = record as unknown as Record<string, { readonly title: string }>
    entries[record.id] = { title: task?.title, status, startedAt, completedAt, path: join(usedAt, path) }
  }
  if (layout === 'folder') return
  const index = { version: 1, lastUpdated: new Date(startMs).toISOString(), trajectories: entries }
  writeFileSync(join(root, 'index.json'), JSON.stringify(index, null, 2))
}
