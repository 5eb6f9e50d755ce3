import type { FileWorkflow, WorkflowFile } from '../../shared/workflowFile'

type Stored = NonNullable<WorkflowFile['errorHandling']>

/** How a workflow deals with failures, as a run's row stores it. */
export type Reliability = Stored & { readonly strategy: 'fail-fast' | 'continue' | 'retry' }

/**
 * `fail-fast` and `continue` are as the file says. `retry`, and a missing strategy, mean two retries a second apart unless
 * the file says otherwise; a missing one follows the workflow's `onError`, where `skip` is `continue`.
 */
export function reliabilityOf(
  { errorHandling }: WorkflowFile,
  { onError }: Pick<FileWorkflow, 'onError'>,
): Reliability {
  const strategy = errorHandling?.strategy
  if (strategy === 'fail-fast' || strategy === 'continue') return { ...errorHandling, strategy }
  return {
    ...errorHandling,
    strategy: strategy === undefined && onError === 'skip' ? 'continue' : 'retry',
    maxRetries: errorHandling?.maxRetries ?? errorHandling?.repairRetries ?? 2,
    retryDelayMs: errorHandling?.retryDelayMs ?? 1000,
  }
}

/** The configuration with these words on failures; the rest as it is, so that other tools find nothing new in it. */
export function withReliability(config: unknown, reliability: Reliability): Readonly<Record<string, unknown>> {
  const stored = structuredClone(config) as Record<string, unknown>
  return {
    ...stored,
    agents: stored.agents ?? [],
    errorHandling: { ...recordOf(stored.errorHandling), ...reliability },
  }
}

function recordOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
