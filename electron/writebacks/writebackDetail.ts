import { errorClassOf } from '../../shared/rules/errorClass'
import { scrubTokens } from '../../shared/rules/scrubTokens'
import { writebackCommandLines } from '../../shared/rules/writebackCommandLines'
import type { WritebackAttempt, WritebackDetail } from '../../shared/writebacks'
import { toMs } from './deadLetters'
import type { FoldedItem } from './foldItems'
import { outboxFolders } from './mountScan'

/** Everything known of an item. `earlier` is evidence of it that is no longer on disk. */
export function toDetail(folded: FoldedItem, earlier: readonly WritebackAttempt[]): WritebackDetail {
  const { item, letters, outbox, localPath, local } = folded
  return {
    item: structuredClone(item),
    localFile:
      localPath === null
        ? null
        : { path: localPath, exists: local.exists, sizeBytes: local.sizeBytes, sha256: local.sha256 },
    outbox: outboxFolders.flatMap((folder) =>
      outbox[folder].flatMap((file) => (file.value ? [{ folder, file: file.name, record: { ...file.value } }] : [])),
    ),
    records: letters.map(({ opId, file, at, record, raw, sidecar }) => ({
      opId,
      file,
      at,
      status: record.lastStatus ?? sidecar?.value.providerStatus ?? null,
      body: scrubbed(record.lastBody ?? record.message ?? null),
      attempts: record.attempts ?? null,
      raw: scrubTokens(raw),
      sidecar: sidecar ? scrubTokens(JSON.stringify(sidecar.value, null, 2)) : null,
    })),
    attempts: attemptsOf(folded, earlier),
    commands: [...writebackCommandLines(item)],
  }
}

function attemptsOf({ item, letters, outbox }: FoldedItem, earlier: readonly WritebackAttempt[]): WritebackAttempt[] {
  const attempts: WritebackAttempt[] = [...earlier]
  for (const { opId, file, at, record, sidecar } of letters) {
    const status = record.lastStatus ?? sidecar?.value.providerStatus ?? null
    const message = scrubbed(record.lastBody ?? record.message ?? sidecar?.value.message ?? null)
    attempts.push({
      at,
      source: 'dead-letter',
      outcome: 'failed',
      status,
      class: errorClassOf(status, message),
      message,
      opId,
      file,
    })
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
