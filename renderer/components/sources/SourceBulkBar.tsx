import { useState } from 'react'
import type { SourceBulkAct, SourceOperation } from '../../../shared/sourceBulk'
import type { SourceAsk } from '../../../shared/sourceRuns'
import type { Source } from '../../../shared/sources'
import { useClient } from '../../state/client'
import { refuse } from '../../state/toasts'
import { useMirror } from '../../state/useMirror'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import { ActButton } from '../ActButton'
import styles from './SourceBar.module.css'
import { SourceBulkDialog } from './SourceBulkDialog'

/** What makes sense for all runs of a view. */
const actOf: Partial<Record<SourceAsk['view'], SourceBulkAct>> = {
  'dead-lettered': 'resume',
  going: 'cancel',
  'waiting-for-worker': 'cancel',
}

/** The act for all runs that the list shows, where there is one. */
export function SourceBulkButton({
  source,
  ask,
  isEmpty,
}: {
  readonly source: Source
  readonly ask: SourceAsk
  readonly isEmpty: boolean
}) {
  const [isAsking, setAsking] = useState(false)
  const act = actOf[ask.view]
  // What was done empties the view; what came of it is still to be told.
  if (!act || (isEmpty && !isAsking)) return null
  return (
    <>
      <ActButton refusal={source.access === 'read' ? sourcesTexts.readOnlyTitle : null} onAct={() => setAsking(true)}>
        {sourcesTexts.bulkAll[act]}
      </ActButton>
      {isAsking && <SourceBulkDialog sourceId={source.id} act={act} ask={ask} onClose={() => setAsking(false)} />}
    </>
  )
}

/** Bulk acts whose process is gone: a person goes on with them or closes them. */
export function InterruptedBulk({ sourceId }: { readonly sourceId: string }) {
  const client = useClient()
  const { value } = useMirror(
    'source operations',
    (asker) => asker.request('sources:operations', { offset: 0, limit: 50 }),
    ['sources:operationChanged'],
  )
  const act = (channel: 'sources:resumeOperation' | 'sources:stopOperation', operationId: string): void => {
    client.request(channel, { operationId }).catch(refuse)
  }
  const isInterrupted = (one: SourceOperation): boolean => one.sourceId === sourceId && one.state === 'interrupted'
  return (value?.operations ?? []).filter(isInterrupted).map(({ id, act: done, total, done: ended }) => (
    <div key={id} className={`${controls.banner} ${styles.trouble}`} role="alert">
      <p>
        {sourcesTexts.interrupted(sourcesTexts.bulkWords[done], ended.toLocaleString('en'), total.toLocaleString('en'))}
      </p>
      <ActButton refusal={null} onAct={() => act('sources:resumeOperation', id)}>
        {sourcesTexts.goOn}
      </ActButton>
      <ActButton refusal={null} onAct={() => act('sources:stopOperation', id)}>
        {sourcesTexts.closeIt}
      </ActButton>
    </div>
  ))
}
