import { stat } from 'node:fs/promises'
import { z } from 'zod'
import { type LogHits, type LogQuery, logHitsSchema } from '../../shared/logs'
import { failureSchema, RundeskError } from '../../shared/outcome'
import { dropOldest } from '../../shared/rules/dropOldest'
import { openLogParts } from './logParts'
import { findAttemptLog, type LogChoice } from './readAttemptLog'
import { askThread } from './searchThread'

const missing: LogHits = {
  hits: 0,
  first: [],
  firstErrorOffset: null,
  firstErrorLine: null,
  firstErrorRow: null,
  sizeBytes: 0,
  truncated: false,
  found: false,
}

/** So long may a search take for a log of no length, and so much more for each MiB of it. */
const baseMs = 5_000
const perMebibyteMs = 100

/** Answers to where the first error is, by log and size: people go there again and again, and a whole log may be read for it. */
const firstErrors = new Map<string, LogHits>()
const mostFirstErrors = 50

const answerSchema = z.union([
  z.object({ failure: failureSchema }),
  z.object({ found: logHitsSchema.omit({ sizeBytes: true, found: true }).nullable(), sizeBytes: z.number() }),
])

/**
 * Searches a log in a thread of its own (`workerPath` is its built script). Throws `usage` for an expression that is
 * none, and `refused` for one that takes so long that it was ended.
 */
export async function searchAttemptLog({
  query,
  workerPath,
  limitMs = baseMs,
  ...choice
}: LogChoice & {
  readonly query: LogQuery
  readonly workerPath: string
  readonly limitMs?: number
}): Promise<LogHits> {
  const path = await findAttemptLog(choice)
  if (path === undefined) return missing
  const log = await openLogParts(path)
  const sizeBytes = log?.sizeBytes ?? 0
  const changedMs = (await stat(path).catch(() => undefined))?.mtimeMs ?? 0
  const key = query.query === '' ? JSON.stringify([path, query.stream, sizeBytes, changedMs]) : null
  const known = key === null ? undefined : firstErrors.get(key)
  if (known) return structuredClone(known)
  const timeMs = limitMs + (sizeBytes / 1024 / 1024) * perMebibyteMs
  const answer = answerSchema.parse(await askThread(workerPath, { question: { path, query }, timeMs }))
  if ('failure' in answer) throw new RundeskError(answer.failure.code, answer.failure.message)
  if (!answer.found) return missing
  const found: LogHits = { ...answer.found, sizeBytes: answer.sizeBytes, found: true }
  if (key !== null && answer.sizeBytes === sizeBytes) {
    firstErrors.set(key, structuredClone(found))
    dropOldest(firstErrors, mostFirstErrors)
  }
  return found
}
