import { dirname, join } from 'node:path'
import { errorClassOf } from '../../shared/rules/errorClass'
import { scrubTokens } from '../../shared/rules/scrubTokens'
import { writebackCommandLines } from '../../shared/rules/writebackCommandLines'
import type { WritebackAttempt, WritebackDetail } from '../../shared/writebacks'
import { readBounded } from '../files/boundedRead'
import { type DeadLetter, toMs } from './deadLetters'
import { type FoldedItem, outboxFolders } from './foldItem'
import { withoutContent } from './outboxText'

const maxRawBytes = 256 * 1024
const maxOutboxBytes = 64 * 1024 * 1024

/**
 * Everything known of an item, its records read anew: only a little of them is kept. `earlier` is evidence of it that is no
 * longer on disk. Contents of files are left out.
 */
export async function toDetail(folded: FoldedItem, earlier: readonly WritebackAttempt[]): Promise<WritebackDetail> {
  const { item, letters, outbox, localPath, local } = folded
  const records: WritebackDetail['records'] = []
  for (const letter of letters) records.push(await toRecord(letter))
  const sent: WritebackDetail['outbox'] = []
  for (const folder of outboxFolders) {
    for (const { name, path, value } of outbox[folder])
      if (value) sent.push({ folder, file: name, record: (await outboxRecord(path)) ?? { ...value } })
  }
  return {
    item: structuredClone(item),
    localFile:
      localPath === null
        ? null
        : { path: localPath, exists: local.exists, sizeBytes: local.sizeBytes, sha256: local.sha256 },
    outbox: sent,
    records,
    attempts: attemptsOf(folded, earlier),
    commands: [...writebackCommandLines(item)],
  }
}

async function toRecord(letter: DeadLetter): Promise<WritebackDetail['records'][number]> {
  const { opId, file, path, at, status, record, sidecar, message } = letter
  const raw = scrubTokens((await textOf(path)) ?? '')
  const beside = sidecar ? await textOf(join(dirname(path), sidecar.name)) : undefined
  return {
    opId,
    file,
    at,
    status,
    body: bodyIn(raw) ?? message,
    attempts: record.attempts ?? null,
    raw,
    sidecar: beside === undefined ? null : scrubTokens(beside.trim()),
  }
}

/** Undefined for what is gone or cannot be read; the end of what is very long is left out. */
async function textOf(path: string): Promise<string | undefined> {
  const text = await readBounded(path).then(
    (read) => read.text,
    () => undefined,
  )
  return text === undefined || text.length <= maxRawBytes ? text : `${text.slice(0, maxRawBytes)}…`
}

function bodyIn(raw: string): string | null {
  const record = parseObject(raw)
  const body = record?.lastBody ?? record?.message
  return typeof body === 'string' ? body : null
}

/** An outbox record with every key but its content, and without tokens. */
async function outboxRecord(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const { text } = await readBounded(path, maxOutboxBytes)
    const record = parseObject(await withoutContent(text))
    if (!record) return undefined
    const { content, ...rest } = record
    const contentBytes = typeof content === 'string' ? Buffer.byteLength(content) : content
    const shown = Object.entries(rest).map(([key, value]) => [
      key,
      typeof value === 'string' ? scrubTokens(value) : value,
    ])
    return { ...Object.fromEntries(shown), ...(contentBytes === undefined ? {} : { contentBytes }) }
  } catch {
    return undefined
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function attemptsOf({ item, letters, outbox }: FoldedItem, earlier: readonly WritebackAttempt[]): WritebackAttempt[] {
  const attempts: WritebackAttempt[] = [...earlier]
  for (const { opId, file, at, status, message } of letters) {
    const errorClass = errorClassOf(status, message)
    attempts.push({ at, source: 'dead-letter', outcome: 'failed', status, class: errorClass, message, opId, file })
  }
  for (const folder of outboxFolders) {
    for (const { name: file, value } of outbox[folder]) {
      if (!value) continue
      const { lastError, opId, lastAttemptAt, firstSeenAt, ackedAt } = value
      const delivered = folder === 'acked' && value.dispatchStatus === 'succeeded'
      const accepted = folder === 'pending' && opId
      if (!delivered && !accepted && !lastError) continue
      attempts.push({
        at: ackedAt ?? lastAttemptAt ?? firstSeenAt ?? null,
        source: 'outbox',
        outcome: delivered ? 'delivered' : accepted ? 'accepted' : 'failed',
        status: null,
        class: delivered || accepted ? null : errorClassOf(null, lastError ?? null),
        message: scrubbed(lastError ?? null),
        opId: opId ?? null,
        file,
      })
    }
  }
  if (item.denied)
    attempts.push({
      at: item.denied.at,
      source: 'denied',
      outcome: 'failed',
      status: null,
      class: 'permission',
      message: `${item.denied.kind}: ${item.denied.reason}`,
      opId: null,
      file: null,
    })
  return attempts.sort((left, right) => (toMs(left.at) ?? 0) - (toMs(right.at) ?? 0))
}

function scrubbed(text: string | null): string | null {
  return text === null ? null : scrubTokens(text)
}
