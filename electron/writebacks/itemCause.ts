import { errorClassOf, normaliseMessage } from '../../shared/rules/errorClass'
import { scrubTokens } from '../../shared/rules/scrubTokens'
import type { ErrorClass, WritebackItem } from '../../shared/writebacks'
import type { DeadLetter } from './deadLetters'
import type { PathEvidence } from './foldItem'
import { sha16 } from './itemKey'
import { toOutboxFacts } from './outboxFacts'

const maxSaid = 1000

/** What went wrong with an item. */
export type Cause = Pick<WritebackItem, 'class' | 'lastStatus' | 'message'>

/** The newest error: of the dead letters, else of the outbox, else of what the mount refused by itself. */
export function causeOf({ letters, outbox, denied, privateEntry, publicStatus, local, copies }: PathEvidence): Cause {
  let last: DeadLetter | undefined
  for (const letter of letters) {
    const difference = (letter.atMs ?? 0) - (last?.atMs ?? 0)
    if (!last || difference > 0 || (difference === 0 && letter.file > last.file)) last = letter
  }
  if (last) return { class: errorClassOf(last.status, last.message), lastStatus: last.status, message: last.message }
  const said = saidOf(outbox).at(-1)
  if (said !== undefined) {
    const http = /\bhttp (\d{3})\b/i.exec(said)
    return { class: errorClassOf(null, said), lastStatus: http ? Number(http[1]) : null, message: said }
  }
  const message = (words: string, errorClass: ErrorClass): Cause => ({
    class: errorClass,
    lastStatus: null,
    message: words,
  })
  if (denied) return message(`${denied.kind}: ${denied.reason}`, 'permission')
  if (privateEntry?.deletePending || (publicStatus === 'writeback-pending' && !local.exists))
    return message('The server refused to delete it.', 'other')
  if (copies.length > 0) return message('The server had a newer version; this one was put aside.', 'conflict')
  return { class: null, lastStatus: null, message: null }
}

/** What the outbox says went wrong, the newest last. */
export function saidOf({ pending, failed }: PathEvidence['outbox']): readonly string[] {
  if (pending.length === 0 && failed.length === 0) return noText
  return [...pending, ...failed]
    .filter(({ value }) => value?.lastError)
    .sort((left, right) => (toOutboxFacts(left).lastMs ?? 0) - (toOutboxFacts(right).lastMs ?? 0))
    .map(({ value }) => scrubTokens((value?.lastError ?? '').slice(0, maxSaid)))
}
/** One list for all that say nothing. */
export const noText: readonly string[] = []

const groupKeys = new Map<string, string>()
const maxGroupKeys = 10_000

/** The key of the group of items that fail for the same reason. The same causes come again and again. */
export function groupKeyOf({ class: errorClass, message }: Cause, provider: string | null): string {
  const cause = `${errorClass ?? ''}\0${normaliseMessage(message ?? '')}\0${provider ?? ''}`
  const known = groupKeys.get(cause)
  if (known !== undefined) return known
  if (groupKeys.size >= maxGroupKeys) groupKeys.clear()
  const key = sha16(cause)
  groupKeys.set(cause, key)
  return key
}
