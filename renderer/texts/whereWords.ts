import { durationText } from '../../shared/rules/durationText'
import type { RunWhere, StartedWithin } from '../../shared/rules/runWhere'
import type { Liveness } from '../../shared/runs'
import { statusWord } from './words'

export const withinWords: Readonly<Record<StartedWithin, string>> = {
  '1h': 'last hour',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
  today: 'today',
}

export const livenessWords: Readonly<Record<Liveness, string>> = {
  live: 'Live',
  unconfirmed: 'Unconfirmed',
  orphaned: 'Orphaned',
}

/** One thing that a list is narrowed by, and what takes it away. */
export interface WhereChip {
  readonly key: string
  readonly words: string
  readonly without: { readonly [K in keyof RunWhere]?: undefined }
}

/** What a list is narrowed by, part by part. `causeTitle` is what a group of failures is called, when that is known. */
export function whereChips(where: RunWhere | undefined, causeTitle: string | null): readonly WhereChip[] {
  if (!where) return []
  const { statuses, liveness, workflows, within, from, to, longerMs, shorterMs, hasError, saved, cause } = where
  const chip = (key: keyof RunWhere, words: string): WhereChip => ({ key, words, without: { [key]: undefined } })
  return [
    ...(statuses
      ? [chip('statuses', `Status: ${statuses.map((status) => statusWord(status).word).join(' or ')}`)]
      : []),
    ...(liveness ? [chip('liveness', `Liveness: ${liveness.map((one) => livenessWords[one]).join(' or ')}`)] : []),
    ...(workflows ? [chip('workflows', `Workflow: ${workflows.join(' or ')}`)] : []),
    ...(within ? [chip('within', `Started: ${withinWords[within]}`)] : []),
    ...(from !== undefined ? [chip('from', `Started from ${localTime(from)}`)] : []),
    ...(to !== undefined ? [chip('to', `Started before ${localTime(to)}`)] : []),
    ...(longerMs !== undefined ? [chip('longerMs', `Longer than ${durationText(longerMs)}`)] : []),
    ...(shorterMs !== undefined ? [chip('shorterMs', `Shorter than ${durationText(shorterMs)}`)] : []),
    ...(hasError !== undefined ? [chip('hasError', hasError ? 'Has an error' : 'Has no error')] : []),
    ...(saved !== undefined ? [chip('saved', saved ? 'Saved' : 'Not saved')] : []),
    ...(cause !== undefined ? [chip('cause', `Failure: ${causeTitle ?? cause}`)] : []),
  ]
}

function localTime(at: string): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? at : date.toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'short' })
}
