import { monitorEventLoopDelay } from 'node:perf_hooks'

/** One line of the answer. `goal` is a limit on `ratio`, or on `value` where there is no reference. */
export interface Result {
  readonly bench: string
  readonly value: number
  readonly unit: string
  readonly reference?: { readonly name: string; readonly value: number }
  readonly ratio?: number
  readonly goal: string
  readonly ok: boolean
}

/** Compares with something measured in the same run. With `atLeast` the ratio must be at least the goal. */
export function toRatio(
  bench: string,
  {
    value,
    unit,
    reference,
    goal,
    atLeast = false,
  }: {
    readonly value: number
    readonly unit: string
    readonly reference: { readonly name: string; readonly value: number }
    readonly goal: number
    readonly atLeast?: boolean
  },
): Result {
  const ratio = value / reference.value
  const ok = atLeast ? ratio >= goal : ratio <= goal
  return { bench, value, unit, reference, ratio, goal: `${atLeast ? '>=' : '<='} ${goal} x`, ok }
}

/** A figure with a limit of its own. */
export function toLimit(
  bench: string,
  { value, unit, below }: { readonly value: number; readonly unit: string; readonly below: number },
): Result {
  return { bench, value, unit, goal: `< ${below} ${unit}`, ok: value < below }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** How long an action takes, in ms. */
export async function timeMs(action: () => unknown): Promise<number> {
  const start = performance.now()
  await action()
  return performance.now() - start
}

/** Watches the thread; the answer is the longest stretch, in ms, in which it did nothing else. */
export function watchThread(): () => number {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  return () => {
    delay.disable()
    return Math.max(0, delay.max / 1e6 - 1)
  }
}

export const mebibytes = (): number => process.resourceUsage().maxRSS / 1024
