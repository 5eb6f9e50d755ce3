import type { WritebackItem } from '../../shared/writebacks'
import type { DeadLetter } from './deadLetters'
import { deliveryFacts, permissionOf } from './deliveryFacts'
import { type FoldContext, type FoldedItem, noOutbox } from './foldItem'
import { groupKeyOf } from './itemCause'
import { itemKey, sha16 } from './itemKey'
import type { LocalFile } from './localFiles'

const noFile: LocalFile = { exists: false, sizeBytes: null, sha256: null }

/** A record that cannot be read, or names no path. */
export interface UnreadableRecord {
  /** Where it lies below `.relay`. */
  readonly folder: 'dead-letter' | 'outbox/pending' | 'outbox/failed'
  readonly file: string
  readonly path: string
  readonly stamp: string
  readonly reason: string
}

/** Its item. `letter` is what could be read of it. */
export function unreadableItem(
  { folder, file, path, stamp, reason }: UnreadableRecord,
  letter: DeadLetter | null,
  context: FoldContext,
): FoldedItem {
  const { localDir, workspaceId } = context
  const facts = deliveryFacts({ state: 'unreadable', letters: [], outbox: noOutbox, local: noFile }, context)
  const message = `The record ${file} ${reason}.`
  const inOutbox = folder !== 'dead-letter'
  const cause = { class: 'other', lastStatus: letter?.status ?? null, message } as const
  const item: WritebackItem = {
    key: itemKey(localDir, inOutbox ? `\0${folder}/${file}` : `\0${file}`),
    version: sha16(`${file}\n${stamp}`),
    path: null,
    mount: localDir,
    workspaceId,
    state: 'unreadable',
    ...cause,
    attempts: 0,
    firstFailedAt: null,
    lastFailedAt: null,
    nextAttemptAt: null,
    groupKey: groupKeyOf({ ...cause, message: 'unreadable record' }, null),
    provider: null,
    kinds: [inOutbox ? (folder === 'outbox/failed' ? 'failed' : 'pending') : 'dead-letter'],
    denied: null,
    conflictCopies: [],
    records: inOutbox
      ? []
      : [
          {
            opId: letter?.opId ?? file.slice(0, -'.json'.length),
            file,
            at: letter?.at ?? null,
            status: letter?.status ?? null,
          },
        ],
    retry: permissionOf(facts),
  }
  return {
    item,
    letters: inOutbox ? [] : [letter ?? nothingRead(file, { path, stamp })],
    outbox: noOutbox,
    localPath: null,
    local: noFile,
    facts,
    verifiedMs: null,
    failedMs: [],
    texts: { own: `${file}\n${message}`.toLowerCase(), bodies: [], withoutBody: true },
  }
}

function nothingRead(file: string, { path, stamp }: { readonly path: string; readonly stamp: string }): DeadLetter {
  const opId = file.slice(0, -'.json'.length)
  return {
    opId,
    file,
    path,
    stamp,
    record: {},
    sidecar: null,
    status: null,
    message: null,
    body: null,
    at: null,
    atMs: null,
  }
}
