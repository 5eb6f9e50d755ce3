import { constants } from 'node:os'
import type { ShellStep } from './parseWorkflow'
import type { ProcessEnd } from './stepProcess'

/** Why a step that failed is not tried again: nothing may be, its attempts are used up, or it was stopped. */
export type LastFailure = 'critical' | 'not-retried' | 'exhausted' | 'aborted'

/** The exit code as shells tell it: 128 and its number for a signal. Null for a process that did not end by itself. */
export function exitCodeOf(end: ProcessEnd): number | null {
  if (end.kind !== 'exited') return null
  return end.code ?? (end.signal === null ? null : 128 + constants.signals[end.signal])
}

/** An exit code with the signal that it stands for, in the way of shells: 128 and its number. */
export function exitCodeWords(end: ProcessEnd): string {
  const code = exitCodeOf(end)
  const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0]
  return `${code}${signal === undefined ? '' : ` (as after ${signal})`}`
}

/**
 * What follows a failed attempt: another one, or the reason why none does. `retryOn` is about exit codes: what failed
 * without one of its own (a timeout, a check, the state) is tried again as always.
 */
export function afterFailure(
  step: Pick<ShellStep, 'criticalExitCodes' | 'retryOn'>,
  {
    exitCode,
    failedByExit,
    retriesLeft,
  }: { readonly exitCode: number | null; readonly failedByExit: boolean; readonly retriesLeft: number },
): 'retry' | LastFailure {
  if (isCritical(step, exitCode)) return 'critical'
  if (failedByExit && step.retryOn && !step.retryOn.includes(exitCode ?? -1)) return 'not-retried'
  return retriesLeft > 0 ? 'retry' : 'exhausted'
}

/** A critical exit code fails the step also where `failOnError` is off. */
export function isCritical(step: Pick<ShellStep, 'criticalExitCodes'>, exitCode: number | null): boolean {
  return exitCode !== null && (step.criticalExitCodes ?? []).includes(exitCode)
}

/**
 * How long to wait after failed attempt `number` (from 1), in ms: `backoff.baseMs`, doubled with each further failure up
 * to `backoff.maxMs`, of which the part `jitter` (0 to 1) is left to chance; without a backoff always `retryDelayMs`.
 */
export function retryDelay(
  step: Pick<ShellStep, 'backoff'>,
  {
    number,
    retryDelayMs,
    random,
  }: { readonly number: number; readonly retryDelayMs: number; readonly random: () => number },
): number {
  const { backoff } = step
  if (!backoff) return retryDelayMs
  const delay = Math.min(backoff.maxMs ?? Number.POSITIVE_INFINITY, backoff.baseMs * 2 ** (number - 1))
  return Math.round(delay * (1 - (backoff.jitter ?? 0) * random()))
}
