import { useState } from 'react'
import { cancellable, markable, resumable } from '../../shared/rules/runActs'
import type { RunDetail } from '../../shared/runs'
import type { RunAct, RunActs } from '../state/useRunActs'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
import { ConfirmDialog } from './ConfirmDialog'

const actWords: Readonly<Record<RunAct, { readonly title: string; readonly act: string }>> = {
  resume: { title: windowTexts.resumeThisRun, act: windowTexts.itIsGoneResume },
  cancel: { title: windowTexts.cancelThisRun, act: windowTexts.itIsGoneCancel },
  'mark-failed': { title: windowTexts.markThisRunAsFailed, act: windowTexts.markAsFailed },
}

/** Asks before an act on a run: what only a person can know, or whether what cannot be undone is meant. */
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
  const [reason, setReason] = useState<string>(windowTexts.itsProgramIsGone)
  const permission = act === 'resume' ? resumable(run) : act === 'cancel' ? cancellable(run) : markable(run)
  const question = permission.kind === 'confirm' ? permission.question : null
  const plain = act === 'cancel' && question === null
  return (
    <ConfirmDialog
      {...actWords[act]}
      {...(plain ? { act: windowTexts.cancelRun } : {})}
      text={plain ? whatACancelDoes(run) : (question ?? '')}
      onClose={onClose}
      onConfirm={() => perform(act, { confirmed: !plain, reason })}
    >
      {act === 'mark-failed' && (
        <label>
          {windowTexts.reason}
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

function whatACancelDoes({ workflowName, liveness }: RunDetail): string {
  return liveness === null
    ? windowTexts.whatACancelOfAStoppedRunDoes(workflowName)
    : windowTexts.whatACancelDoes(workflowName)
}
