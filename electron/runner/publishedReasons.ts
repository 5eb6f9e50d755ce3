import type { FileStep } from '../../shared/workflowStep'
import type { WorkflowRunner } from '../../shared/workflows'

/** Why steps need the published runner, one sentence for each such step; empty when the built-in runner runs them all. */
export function publishedReasons(steps: readonly Pick<FileStep, 'name' | 'type' | 'use'>[]): readonly string[] {
  return steps.flatMap(({ name, type, use }) => {
    const step = `step ${JSON.stringify(name)}`
    if (use !== undefined) return [`${step} uses the custom step ${JSON.stringify(use)}, which was never put in`]
    return type === 'deterministic' || type === 'worktree' ? [] : [`${step} is of type ${JSON.stringify(type)}`]
  })
}

/** The runner that can run these steps. */
export function runnerOf(steps: Parameters<typeof publishedReasons>[0]): WorkflowRunner {
  const reasons = publishedReasons(steps)
  return reasons.length === 0 ? { kind: 'built-in' } : { kind: 'published', reasons: [...reasons] }
}
