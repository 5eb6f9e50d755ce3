import { type SourceBulkOutcome, sourceBulkOutcomes } from '../../../shared/sourceBulk'
import { useClient } from '../../state/client'
import { refuse } from '../../state/toasts'
import { useMirror } from '../../state/useMirror'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { SourceBulkItems } from './SourceBulkItems'

/** How far a bulk act came, and what came of each run: those that did not end as wanted first. */
export function SourceBulkProgress({
  operationId,
  onClose,
}: {
  readonly operationId: string
  readonly onClose: () => void
}) {
  const client = useClient()
  const { value } = useMirror(
    `operation ${operationId}`,
    (asker) => asker.request('sources:operation', { operationId }),
    ['sources:operationChanged'],
  )
  if (!value) return <p role="status">{sourcesTexts.asking}</p>
  const { operation, items } = value
  const { total, done, counts, state, stopped } = operation
  const told = sourceBulkOutcomes.filter((outcome) => counts[outcome] > 0)
  const wordOf = (outcome: SourceBulkOutcome): string => sourcesTexts.bulkOutcomes[outcome]
  return (
    <>
      <p role="status">
        {state === 'running'
          ? sourcesTexts.lookedAfter(done.toLocaleString('en'), total.toLocaleString('en'))
          : sourcesTexts.ended}{' '}
        {told.map((outcome) => `${counts[outcome].toLocaleString('en')} ${wordOf(outcome)}`).join(', ')}
      </p>
      <progress max={total} value={done} style={{ width: '100%' }} aria-label={sourcesTexts.runsLookedAfter} />
      {stopped !== null && <p>{stopped}</p>}
      <SourceBulkItems
        label={sourcesTexts.whatCameOfEach}
        items={items.map(({ runId, workflowName, outcome, detail }) => ({
          ...{ runId, workflowName, detail },
          word: outcome === null ? sourcesTexts.waits : wordOf(outcome),
        }))}
      />
      <div className={controls.actions}>
        {state === 'running' && (
          <button
            type="button"
            className={controls.button}
            onClick={() => {
              client.request('sources:stopOperation', { operationId }).catch(refuse)
            }}
          >
            {sourcesTexts.stop}
          </button>
        )}
        <button type="button" className={`${controls.button} ${controls.primary}`} onClick={onClose}>
          {sourcesTexts.close}
        </button>
      </div>
    </>
  )
}
