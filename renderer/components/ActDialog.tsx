import { useState } from 'react'
import { cancellable, markable, resumable } from '../../shared/rules/runActs'
import type { RunDetail } from '../../shared/runs'
import type { RunAct, RunActs } from '../state/useRunActs'
import controls from '../styles/controls.module.css'
import { ConfirmDialog } from './ConfirmDialog'

const actWords: Readonly<Record<RunAct, { readonly title: string; readonly act: string }>> = {
  resume: { title: 'Resume this run?', act: 'It is gone: resume' },
  cancel: { title: 'Cancel this run?', act: 'It is gone: cancel run' },
  'mark-failed': { title: 'Mark this run as failed?', act: 'Mark as failed' },
}

/** Asks what only a person can know before an act on a run. */
export function ActDialog({
  act,
  run,
  onClose,
  perform,
}: {
  readonly act: RunAct
  readonly run: RunDetail
  readonly onClose: () => void
  readonly perform: RunActs['perform']
}) {
  const [reason, setReason] = useState('its program is gone')
  const permission = act === 'resume' ? resumable(run) : act === 'cancel' ? cancellable(run) : markable(run)
  return (
    <ConfirmDialog
      {...actWords[act]}
      text={permission.kind === 'confirm' ? permission.question : ''}
      onClose={onClose}
      onConfirm={() => perform(act, { confirmed: true, reason })}
    >
      {act === 'mark-failed' && (
        <label>
          Reason
          <input
            className={controls.field}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            style={{ width: '100%' }}
          />
        </label>
      )}
    </ConfirmDialog>
  )
}
