import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogPage } from '../../shared/logs'
import { attemptLogFile, logFolder, safeName } from './attemptLog'
import { openLogParts } from './logParts'
import { readLogStreams } from './logStreams'

/** Which log is meant. Without a step the last one written counts, without an attempt the newest. */
export interface LogChoice {
  readonly rundeskDir: string
  readonly runId: string
  readonly stepName: string | null
  readonly attempt: number | null
  /** A log of the step's rollback instead. */
  readonly rollback?: boolean
}

/** The path of an attempt's log; undefined when there is none for the choice. */
export async function findAttemptLog({
  rundeskDir,
  runId,
  stepName,
  attempt,
  rollback = false,
}: LogChoice): Promise<string | undefined> {
  const kind = rollback ? 'rollback' : 'step'
  if (stepName !== null && attempt !== null)
    return join(rundeskDir, attemptLogFile({ runId, step: stepName, attempt, kind }))
  const folder = join(rundeskDir, logFolder(runId))
  const names = await readdir(folder).catch(() => [])
  const wanted = stepName === null ? undefined : safeName(stepName)
  const attempts = names.flatMap((name) => {
    const [, step, isRollback, number] = /^([^.]+)(\.rollback)?\.(\d+)\.log$/.exec(name) ?? []
    if (step === undefined || (wanted !== undefined && step !== wanted)) return []
    return (isRollback !== undefined) === rollback ? [{ name, number: Number(number) }] : []
  })
  const newest = attempts.sort((left, right) => left.number - right.number).at(-1)
  return newest && join(folder, newest.name)
}

const missing: LogPage = { text: '', nextOffset: 0, sizeBytes: 0, found: false, streams: [] }

/** Reads a page of an attempt's log. It never ends inside a character, but at the end of a finished log. */
export async function readAttemptLog({
  offset,
  maxBytes,
  ...choice
}: LogChoice & { readonly offset: number; readonly maxBytes: number }): Promise<LogPage> {
  const path = await findAttemptLog(choice)
  const log = path === undefined ? undefined : await openLogParts(path)
  if (path === undefined || !log) return missing
  // A page of fewer bytes than a character has would hold nothing.
  const part = await log.read(offset, Math.max(maxBytes, 4))
  const streams = await readLogStreams(path)
  const atEnd = streams.ended() && offset + part.length >= log.sizeBytes
  const kept = part.subarray(0, part.length - (atEnd ? 0 : unfinishedBytes(part)))
  const nextOffset = offset + kept.length
  return {
    text: kept.toString('utf8'),
    nextOffset,
    sizeBytes: log.sizeBytes,
    found: true,
    streams: streams.within(offset, nextOffset).map(([stream, bytes]) => [stream, bytes]),
  }
}

/** How many bytes at the end belong to a character that goes on behind it. */
export function unfinishedBytes(part: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, part.length); back++) {
    const byte = part[part.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? back : 0
  }
  return 0
}
