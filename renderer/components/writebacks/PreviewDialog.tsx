import { useEffect, useRef, useState } from 'react'
import type { BulkPlan, Preview } from '../../../shared/operations'
import { isSubmitKey } from '../../state/keys'
import { shownKeyOf } from '../../state/shortcutKeys'
import { firstPlan, toPlan } from '../../state/typedPlan'
import { useAttempt } from '../../state/useAttempt'
import { useMirror } from '../../state/useMirror'
import { type Selection, toWhich } from '../../state/useWritebackSelection'
import controls from '../../styles/controls.module.css'
import { operationsTexts } from '../../texts/en/operations'
import { counted } from '../../texts/words'
import { Dialog } from '../Dialog'
import { LoadFailure } from '../ListStates'
import { Refusal } from '../Refusal'
import styles from './PreviewDialog.module.css'
import { PreviewItems } from './PreviewItems'
import { ReasonField, toReason } from './ReasonField'
import { RetryPlanForm } from './RetryPlanForm'

/** What was chosen in the dialog. */
export interface PreviewChoice {
  readonly setId: string
  readonly reason: string | null
  readonly plan: BulkPlan
}

const words = {
  retry: {
    verb: operationsTexts.retry,
    text: operationsTexts.exactlyTheseEachAsItIsListed,
  },
  dismiss: {
    verb: operationsTexts.dismiss,
    text: operationsTexts.theRecordsOfExactlyTheseAreMoved,
  },
} as const

/** Shows the frozen set of a bulk act, what would be done to each of it, and asks for the reason and the pace. */
export function PreviewDialog({
  act,
  which,
  onConfirm,
  onClose,
}: {
  readonly act: Preview['act']
  readonly which: Selection
  readonly onConfirm: (choice: PreviewChoice) => Promise<void>
  readonly onClose: () => void
}) {
  const { value, failure, refresh } = useMirror(
    'preview',
    (client) => client.request('writebacks:preview', { ...toWhich(which), act }),
    [],
  )
  const { verb } = words[act]
  return (
    <Dialog title={operationsTexts.writebacks(verb)} wide onClose={onClose}>
      {failure && <LoadFailure failure={failure} onRetry={() => void refresh()} />}
      {!failure && !value && <p role="status">{operationsTexts.lookingAtWhatWouldBeDone}</p>}
      {value && <Confirmation preview={value} onConfirm={onConfirm} onClose={onClose} />}
    </Dialog>
  )
}

function Confirmation({
  preview,
  onConfirm,
  onClose,
}: {
  readonly preview: Preview
  readonly onConfirm: (choice: PreviewChoice) => Promise<void>
  readonly onClose: () => void
}) {
  const { act, total, counts } = preview
  const count = total - counts.refused
  const [reason, setReason] = useState('')
  const [plan, setPlan] = useState(() => firstPlan(count))
  const { busy, refusal, attempt } = useAttempt()
  const wrong = toPlan(plan) === null
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const confirm = (): void => {
    const chosen = toPlan(plan)
    if (count === 0 || chosen === null) return
    attempt(() => onConfirm({ setId: preview.setId, reason: toReason(reason), plan: chosen }), onClose)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key for all of the form
    <div
      className={styles.body}
      onKeyDown={(event) => {
        if (isSubmitKey(event)) confirm()
      }}
    >
      <p>{words[act].text}</p>
      <PreviewItems preview={preview} />
      <ReasonField field={field} value={reason} onChange={setReason} />
      {act === 'retry' && count > 1 && <RetryPlanForm plan={plan} onChange={setPlan} />}
      <Refusal text={refusal} />
      <div className={controls.actions}>
        <button type="button" className={controls.button} onClick={onClose}>
          {operationsTexts.keepAsItIs}
        </button>
        <button
          type="button"
          className={`${controls.button} ${controls.primary}`}
          disabled={count === 0 || busy || wrong}
          title={operationsTexts.key(shownKeyOf('send'))}
          onClick={confirm}
        >
          {words[act].verb} {counted(count, operationsTexts.writeback)}
        </button>
      </div>
    </div>
  )
}
