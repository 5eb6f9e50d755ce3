import { useState } from 'react'
import type { Output } from '../../../shared/contract'
import { isSubmitKey } from '../../state/keys'
import { shownKeyOf } from '../../state/shortcutKeys'
import { useAttempt } from '../../state/useAttempt'
import { useMirror } from '../../state/useMirror'
import { type RunBulk, toRefs } from '../../state/useRunBulk'
import type { RunChoice } from '../../state/useRunSelection'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { counted } from '../../texts/words'
import { Dialog } from '../Dialog'
import { LoadFailure } from '../ListStates'
import { Refusal } from '../Refusal'
import { BulkItems } from './BulkItems'
import styles from './CancelRunsDialog.module.css'
import { CancelRunsProgress } from './CancelRunsProgress'

/** Shows the frozen set of runs and what a cancel would do to each, cancels them, and tells what came of each. */
export function CancelRunsDialog({
  choice,
  bulk,
  onDone,
}: {
  readonly choice: RunChoice
  readonly bulk: RunBulk
  /** Is told when it is closed after something was done. */
  readonly onDone: () => void
}) {
  const [begun, setBegun] = useState<string | null>(null)
  const { value, failure, refresh } = useMirror(
    'preview',
    (client) => client.request('runs:previewCancel', toRefs(choice)),
    [],
  )
  const close = (): void => {
    bulk.close()
    if (begun !== null) onDone()
  }
  return (
    <Dialog title={runsTexts.cancelRuns} wide onClose={close}>
      {failure && <LoadFailure failure={failure} onRetry={() => void refresh()} />}
      {!failure && !value && <p role="status">{runsTexts.lookingAtWhatWouldBecome}</p>}
      {value && begun === null && (
        <Preview
          preview={value}
          onClose={close}
          onConfirm={async (confirmed) => {
            await bulk.begin(value.setId, confirmed)
            setBegun(value.setId)
          }}
        />
      )}
      {begun !== null && <CancelRunsProgress setId={begun} onStop={() => bulk.stop(begun)} onClose={close} />}
    </Dialog>
  )
}

function Preview({
  preview,
  onConfirm,
  onClose,
}: {
  readonly preview: Output<'runs:previewCancel'>
  readonly onConfirm: (confirmed: boolean) => Promise<void>
  readonly onClose: () => void
}) {
  const { ways, items, total, cut } = preview
  const [confirmed, setConfirmed] = useState(false)
  const { busy, refusal, attempt } = useAttempt()
  const count = ways.cancel + (confirmed ? ways.confirm : 0)
  const confirm = (): void => {
    if (count > 0) attempt(() => onConfirm(confirmed))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key for all of the form
    <div
      onKeyDown={(event) => {
        if (isSubmitKey(event)) confirm()
      }}
    >
      <p>{runsTexts.exactlyTheseAsThey}</p>
      <ul className={styles.counts}>
        {ways.cancel > 0 && (
          <li>
            <strong>{ways.cancel.toLocaleString('en')}</strong> {runsTexts.canBeCancelledAtOnce}
          </li>
        )}
        {ways.confirm > 0 && (
          <li>
            <strong>{ways.confirm.toLocaleString('en')}</strong> {ways.confirm === 1 ? runsTexts.is : runsTexts.are}{' '}
            {runsTexts.runByAnotherProgram}{' '}
            <label>
              <input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.target.checked)} />{' '}
              {ways.confirm === 1 ? runsTexts.thatProgramIsGone : runsTexts.thoseProgramsAreGone}
            </label>
          </li>
        )}
        {ways.refused > 0 && (
          <li>
            <strong>{ways.refused.toLocaleString('en')}</strong> {ways.refused === 1 ? runsTexts.is : runsTexts.are}{' '}
            {runsTexts.leftAlone}
          </li>
        )}
      </ul>
      <BulkItems label={runsTexts.whatWouldBecomeOfEach} items={items.map((item) => toShown(item, confirmed))} />
      {cut && (
        <p className={controls.secondary}>{runsTexts.theFirstOfAreListed(items.length, total.toLocaleString('en'))}</p>
      )}
      <Refusal text={refusal} />
      <div className={controls.actions}>
        <button type="button" className={controls.button} onClick={onClose}>
          {runsTexts.keepThemAsThey}
        </button>
        <button
          type="button"
          className={`${controls.button} ${controls.primary}`}
          disabled={count === 0 || busy}
          title={runsTexts.key(shownKeyOf('send'))}
          onClick={confirm}
        >
          {runsTexts.cancel(counted(count, runsTexts.run))}
        </button>
      </div>
    </div>
  )
}

function toShown(item: Output<'runs:previewCancel'>['items'][number], confirmed: boolean) {
  const cancels = item.way === 'cancel' || (item.way === 'confirm' && confirmed)
  return {
    ...item,
    word: cancels ? runsTexts.cancelWord : runsTexts.leftAloneWord,
    tone: cancels ? ('plain' as const) : ('waiting' as const),
    detail: cancels ? null : item.reason,
  }
}
