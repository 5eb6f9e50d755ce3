/** What the rule looks at, as ISO times; null for none. */
interface Times {
  readonly completedAt: string | null
}

/**
 * Does the step of a remote run wait now? An engine may write a wait down when it begins, as done, with its end to come;
 * none goes on when its run has ended.
 */
export function isWaiting(step: Times, run: Times, nowMs: number): boolean {
  return run.completedAt === null && Date.parse(step.completedAt ?? '') > nowMs
}
