import type { StoreLine } from './rows'

const at = '2026-11-20T10:00:00.000Z'

/** A run line of the published shape. */
export function makeRunLine(change: object = {}): StoreLine {
  return {
    kind: 'run',
    row: {
      id: '0'.repeat(24),
      workspaceId: 'local',
      workflowName: 'sync',
      pattern: 'dag',
      status: 'pending',
      config: { version: '1.0', name: 'sync' },
      startedAt: at,
      createdAt: at,
      updatedAt: at,
      ...change,
    },
  }
}

/** A step line of the published shape. */
export function makeStepLine(change: object = {}): StoreLine {
  return {
    kind: 'step',
    row: {
      id: '1'.repeat(24),
      runId: '0'.repeat(24),
      stepName: 'one',
      agentName: null,
      stepType: 'deterministic',
      status: 'pending',
      task: 'echo one',
      dependsOn: [],
      retryCount: 0,
      createdAt: at,
      updatedAt: at,
      ...change,
    },
  }
}

/** The lines as they stand in a file. */
export function toFile(lines: readonly StoreLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
