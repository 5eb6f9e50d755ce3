import type { RunAsk, RunPage } from '../../shared/runList'
import type { Run } from '../../shared/runs'
import type { Answers } from './show.testkit'

/** A completed run; a change makes it another. */
export function makeRun(id: string, change: Partial<Run> = {}): Run {
  return {
    id,
    workspaceId: 'here',
    workflowName: `flow-${id}`,
    status: 'completed',
    liveness: null,
    livenessReason: null,
    owned: false,
    owner: null,
    startedAt: '2026-01-02T03:04:05.000Z',
    completedAt: '2026-01-02T03:05:05.000Z',
    updatedAt: '2026-01-02T03:05:05.000Z',
    error: null,
    saved: true,
    stepCounts: { total: 1, pending: 0, running: 0, completed: 1, failed: 0, skipped: 0 },
    source: { kind: 'jsonl', path: '/flows/runs.jsonl' },
    retry: null,
    ...change,
  }
}

/** So many runs, numbered from 0. */
export function makeRuns(count: number): readonly Run[] {
  return Array.from({ length: count }, (_, index) => makeRun(`run${index}`))
}

/** What main answers about a list of these runs: filtered by failure, searched by name, never sorted. */
export function answersOf(runs: readonly Run[], change: Answers = {}): Answers {
  const query = ({ filter, search = '', offset, limit }: RunAsk & { offset: number; limit: number }): RunPage => {
    const found = runs.filter(({ workflowName }) => workflowName.includes(search))
    const failed = found.filter(({ status }) => status === 'failed')
    const listed = filter === 'failed' ? failed : found
    return {
      rows: listed.slice(offset, offset + limit),
      total: listed.length,
      counts: { all: found.length, running: 0, 'needs-you': 0, failed: failed.length, orphaned: 0 },
      facets: { statuses: {}, liveness: {}, workflows: {} },
      order: `${filter} ${search}`,
      newRows: 0,
      goneRows: 0,
      revision: 1,
      loading: null,
    }
  }
  return {
    'runs:query': query,
    'workspaces:list': () => ({ workspaces: [] }),
    'views:list': () => ({ views: [], trouble: null }),
    ...change,
  }
}
