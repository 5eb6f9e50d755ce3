import { useEffect, useState } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import { cancellable, markable, type Permission, resumable } from '../../shared/rules/runActs'
import type { RunDetail } from '../../shared/runs'
import { actsTexts } from '../texts/en/acts'
import { useReadOnly } from './appInfo'
import { useClient } from './client'
import { isPlainKey } from './keys'
import { showToast } from './toasts'

/** What a person can do with a run besides looking at it. */
export type RunAct = 'resume' | 'cancel' | 'mark-failed'

export interface RunActs {
  readonly permissions: Readonly<Record<RunAct, Permission>>
  /** The act that waits for a person's yes; null when none does. */
  readonly asking: RunAct | null
  readonly stopAsking: () => void
  /** Does the act, after asking when a person must say yes: a cancel cannot be undone, and may be one wrong key. */
  readonly ask: (act: RunAct) => void
  /** Does the act. Throws what main refuses. */
  readonly perform: (act: RunAct, options: { readonly confirmed: boolean; readonly reason: string }) => Promise<void>
}

/**
 * The acts on one run, also by the keys `r` and `c`. A resume that a person should look at first (the workflow file is
 * no longer the one that ran) goes to `onPreview` instead.
 */
export function useRunActs(
  run: RunDetail,
  { onPreview }: { readonly onPreview: (from: string | null) => void },
): RunActs {
  const client = useClient()
  const [asking, setAsking] = useState<RunAct | null>(null)
  const at = { workspaceId: run.workspaceId, runId: run.id }
  const readOnly = useReadOnly()
  const allowed = (permission: Permission): Permission =>
    readOnly === null ? permission : { kind: 'refused', reason: readOnly }
  const permissions = {
    resume: allowed(resumable(run)),
    cancel: allowed(cancellable(run)),
    'mark-failed': allowed(markable(run)),
  }
  const perform: RunActs['perform'] = async (act, { confirmed, reason }) => {
    if (act === 'resume') {
      await client.request('runs:resume', { ...at, confirmed })
      showToast({
        tone: 'done',
        text: actsTexts.resumedItGoesOnFromItsLast(run.workflowName),
        action: null,
      })
    } else if (act === 'cancel') {
      const { cancelled, message } = await client.request('runs:cancel', { ...at, confirmed })
      showToast({ tone: 'done', text: cancelled ? actsTexts.cancelled(run.workflowName) : message, action: null })
    } else {
      await client.request('runs:markFailed', { ...at, reason })
      showToast({ tone: 'done', text: actsTexts.markedAsFailed(run.workflowName), action: null })
    }
  }
  const go = async (act: RunAct): Promise<void> => {
    if (act === 'resume') {
      const plan = await client.request('runs:plan', at)
      if (plan.file?.changed) return onPreview(null)
    }
    await perform(act, { confirmed: false, reason: '' })
  }
  const ask = (act: RunAct): void => {
    const permission = permissions[act]
    if (permission.kind === 'refused') return
    if (permission.kind === 'confirm' || act !== 'resume') setAsking(act)
    else go(act).catch((error: Error) => showToast({ tone: 'refused', text: error.message, action: null }))
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isPlainKey(event)) return
      if (isKey(event, 'resume')) ask('resume')
      if (isKey(event, 'cancel')) ask('cancel')
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return { permissions, asking, stopAsking: () => setAsking(null), ask, perform }
}
