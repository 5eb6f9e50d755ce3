import { useState } from 'react'
import type { Input, Output } from '../../shared/contract'
import type { BulkPlan, OperationPage } from '../../shared/operations'
import type { WritebackItem } from '../../shared/writebacks'
import { actsTexts } from '../texts/en/acts'
import { counted } from '../texts/words'
import { useReadOnly } from './appInfo'
import { useClient } from './client'
import { saveFile } from './saveFile'
import { refuse, showToast } from './toasts'
import type { Selection } from './useWritebackSelection'

/** How long a canary waits for a confirmation before it asks the person, in seconds. */
const waitSeconds = 60
/** More than so many are put aside only after a look at the list. */
const fewItems = 10

/** What the desk asks a person before it acts. */
export type DeskQuestion =
  | { readonly kind: 'retry' | 'dismiss'; readonly which: Selection }
  | { readonly kind: 'edit'; readonly item: WritebackItem; readonly startWith?: 'local' | 'server' | 'conflict-copy' }
  | { readonly kind: 'choose'; readonly item: WritebackItem }

export interface DeskActs {
  readonly question: DeskQuestion | null
  readonly ask: (question: DeskQuestion | null) => void
  /** The operation that was begun here last; null when it was hidden. */
  readonly operationId: string | null
  readonly setOperation: (id: string | null) => void
  /** Retries one item at once; more of them after a preview. */
  readonly retry: (which: Selection) => void
  /** Puts a few aside at once, to be undone; more of them after a preview. */
  readonly dismiss: (which: Selection) => void
  /** Begins with a set that a preview has frozen. Rejects with why it was refused. */
  readonly retrySet: (
    setId: string,
    choice: { readonly reason: string | null; readonly plan: BulkPlan },
  ) => Promise<void>
  readonly dismissSet: (setId: string, reason: string | null) => Promise<void>
  /** Keeps a new operation in sight. */
  readonly begun: (page: OperationPage) => void
  readonly save: (which: Omit<Input<'writebacks:export'>, 'format'>, format: 'csv' | 'json') => void
}

/** What a person does with writebacks, and what is asked before. `onActed` is called when something was begun. */
export function useDeskActs(onActed: () => void): DeskActs {
  const client = useClient()
  const readOnly = useReadOnly()
  const [question, ask] = useState<DeskQuestion | null>(null)
  const [operationId, setOperation] = useState<string | null>(null)

  const begun = ({ operation }: OperationPage): void => {
    setOperation(operation.id)
    onActed()
  }
  const undo = (id: string): void => {
    client.request('operations:undo', { operationId: id }).then(({ operation, items }) => {
      const other = items.find(({ outcome }) => outcome !== 'restored')
      const text = actsTexts.restored(counted(operation.counts.restored, actsTexts.writeback))
      if (other) showToast({ tone: 'refused', text: `${text} ${other.detail}`, action: null })
      else showToast({ tone: 'done', text, action: null })
    }, refuse)
  }
  const dismissed = ({ operation, items }: Output<'writebacks:dismiss'>): void => {
    const done = operation.counts.dismissed
    const other = items.find(({ outcome }) => outcome !== 'dismissed')
    const rest = operation.total - done
    if (done > 0)
      showToast({
        tone: 'done',
        text: actsTexts.dismissed(
          counted(done, actsTexts.writeback),
          rest > 0 ? actsTexts.wereNot(rest, other?.detail ?? '') : '.',
        ),
        action: { label: actsTexts.undo, run: () => undo(operation.id) },
      })
    else if (other) showToast({ tone: 'refused', text: other.detail, action: null })
    onActed()
  }
  const refs = (items: readonly WritebackItem[]) => items.map(({ key, version }) => ({ key, version }))
  const onlyItems = (which: Selection): readonly WritebackItem[] | null =>
    which.kind === 'some' ? [...which.items.values()] : null
  /** Is there a reason to do nothing at all? It is told. */
  const isStopped = (): boolean => {
    if (readOnly !== null) showToast({ tone: 'refused', text: readOnly, action: null })
    return readOnly !== null
  }

  return {
    question,
    ask: (next) => {
      if (next === null || !isStopped()) ask(next)
    },
    operationId,
    setOperation,
    begun,
    retry: (which) => {
      if (isStopped()) return
      const items = onlyItems(which)
      const [one] = items ?? []
      if (items?.length !== 1 || !one) return ask({ kind: 'retry', which })
      if (one.retry.kind === 'refused') return refuse(new Error(one.retry.reason))
      client.request('writebacks:retry', { items: refs([one]), reason: null, waitSeconds }).then(begun, refuse)
    },
    dismiss: (which) => {
      if (isStopped()) return
      const items = onlyItems(which)
      if (items === null || items.length > fewItems) return ask({ kind: 'dismiss', which })
      if (items.length > 0)
        client.request('writebacks:dismiss', { items: refs(items), reason: null }).then(dismissed, refuse)
    },
    retrySet: (setId, { reason, plan }) =>
      client.request('writebacks:retry', { setId, reason, plan, waitSeconds }).then(begun),
    dismissSet: (setId, reason) => client.request('writebacks:dismiss', { setId, reason }).then(dismissed),
    save: (which, format) => {
      client.request('writebacks:export', { ...which, format }).then(saveFile, refuse)
    },
  }
}

/** One item as something that is chosen. */
export function onlyOne(item: WritebackItem): Selection {
  return { kind: 'some', items: new Map([[item.key, item]]) }
}
