import type { SparkRun } from '../../shared/runGroups'
import { duration } from './times'
import { runStatusWord, type StatusWord } from './words'

/** How a run of a spark looks and what it is called. */
export function sparkStatus({ status, liveness }: SparkRun): StatusWord {
  return runStatusWord({ status, liveness, retry: null })
}

/** What a spark shows, in words: outcomes, the commonest first, and durations. */
export function sparkWords(runs: readonly SparkRun[]): string {
  if (runs.length === 0) return 'No runs'
  const counts = new Map<string, number>()
  for (const run of runs) {
    const word = sparkStatus(run).word.toLowerCase()
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const outcomes = [...counts].sort((left, right) => right[1] - left[1]).map(([word, count]) => `${count} ${word}`)
  const took = runs.flatMap(({ durationMs }) => durationMs ?? []).sort((left, right) => left - right)
  const [least, middle, most] = [took[0], took[Math.floor(took.length / 2)], took.at(-1)]
  const newest = runs.length === 1 ? 'Newest run' : `Newest ${runs.length} runs`
  if (least === undefined || middle === undefined || most === undefined) return `${newest}: ${outcomes.join(', ')}`
  const spans =
    least === most
      ? `took ${duration(least)}`
      : `took ${duration(least)} to ${duration(most)}, typically ${duration(middle)}`
  return `${newest}: ${outcomes.join(', ')}; ${spans}`
}
