import { useState } from 'react'
import type { SourceBulkAct, SourceBulkPreview } from '../../../shared/sourceBulk'
import type { SourceAsk } from '../../../shared/sourceRuns'
import { useClient } from '../../state/client'
import { isSubmitKey } from '../../state/keys'
import { useAttempt } from '../../state/useAttempt'
import { useMirror } from '../../state/useMirror'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { counted } from '../../texts/words'
import { Dialog } from '../Dialog'
import { LoadFailure } from '../ListStates'
import { Refusal } from '../Refusal'
import { SourceBulkItems } from './SourceBulkItems'
import { SourceBulkProgress } from './SourceBulkProgress'

/** Shows the frozen set of runs and what an act would do to each, does it, and tells what came of each. */
export function SourceBulkDialog({
  sourceId,
  act,
  ask,
  onClose,
}: {
  readonly sourceId: string
  readonly act: SourceBulkAct
  /** Which runs: all that fit. */
  readonly ask: SourceAsk
  readonly onClose: () => void
}) {
  const [begun, setBegun] = useState<string | null>(null)
  const { value, failure, refresh } = useMirror(
    JSON.stringify(['bulk', sourceId, act, ask]),
    (client) => client.request('sources:previewBulk', { sourceId, act, ask }),
    [],
  )
  return (
    <Dialog title={sourcesTexts.bulkTitles[act]} wide onClose={onClose}>
      {begun !== null ? (
        <SourceBulkProgress operationId={begun} onClose={onClose} />
      ) : failure ? (
        <LoadFailure failure={failure} onRetry={() => void refresh()} />
      ) : value ? (
        <Preview act={act} preview={value} onBegun={setBegun} onClose={onClose} />
      ) : (
        <p role="status">{sourcesTexts.lookingAtWhatWouldBecome}</p>
      )}
    </Dialog>
  )
}

function Preview({
  act,
  preview: { setId, total, ways, items, cut, more },
  onBegun,
  onClose,
}: {
  readonly act: SourceBulkAct
  readonly preview: SourceBulkPreview
  readonly onBegun: (operationId: string) => void
  readonly onClose: () => void
}) {
  const client = useClient()
  const [confirmed, setConfirmed] = useState(false)
  const { busy, refusal, attempt } = useAttempt()
  const count = ways.act + (confirmed ? ways.confirm : 0)
  const begin = (): void => {
    if (count === 0) return
    attempt(
      () => client.request('sources:bulk', { setId, confirmed, reason: null }),
      ({ operation }) => onBegun(operation.id),
    )
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key for all of the form
    <div
      onKeyDown={(event) => {
        if (isSubmitKey(event)) begin()
      }}
    >
      <p>{sourcesTexts.exactlyThese}</p>
      <ul>
        {ways.act > 0 && <li>{sourcesTexts.atOnce(counted(ways.act, sourcesTexts.runNoun))}</li>}
        {ways.confirm > 0 && (
          <li>
            {sourcesTexts.onlyConfirmed(counted(ways.confirm, sourcesTexts.runNoun))}{' '}
            <label>
              <input type="checkbox" checked={confirmed} onChange={(event) => setConfirmed(event.target.checked)} />{' '}
              {sourcesTexts.yesTheseToo}
            </label>
          </li>
        )}
        {ways.refused > 0 && <li>{sourcesTexts.leftAlone(counted(ways.refused, sourcesTexts.runNoun))}</li>}
      </ul>
      <SourceBulkItems
        label={sourcesTexts.whatWouldBecomeOfEach}
        items={items.map(({ runId, workflowName, way, reason }) => ({
          ...{ runId, workflowName, detail: reason },
          word:
            way === 'refused' || (way === 'confirm' && !confirmed)
              ? sourcesTexts.isLeftAlone
              : sourcesTexts.bulkWords[act],
        }))}
      />
      {cut && <p className={controls.secondary}>{sourcesTexts.firstOf(items.length, total.toLocaleString('en'))}</p>}
      {more && <p className={controls.secondary}>{sourcesTexts.moreThanOneSet}</p>}
      <Refusal text={refusal} />
      <div className={controls.actions}>
        <button type="button" className={controls.button} onClick={onClose}>
          {sourcesTexts.keepAsItIs}
        </button>
        <button
          type="button"
          className={`${controls.button} ${controls.primary}`}
          disabled={count === 0 || busy}
          onClick={begin}
        >
          {sourcesTexts.bulkDo[act](counted(count, sourcesTexts.runNoun))}
        </button>
      </div>
    </div>
  )
}
