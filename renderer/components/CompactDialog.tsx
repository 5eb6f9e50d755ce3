import { useState } from 'react'
import type { Workspace } from '../../shared/contract'
import { useClient } from '../state/client'
import { showToast } from '../state/toasts'
import controls from '../styles/controls.module.css'
import { toSize } from '../texts/words'
import { ConfirmDialog } from './ConfirmDialog'

/** Asks how to compact a workspace's run store, does it, and tells what became of it. */
export function CompactDialog({ workspace, onClose }: { readonly workspace: Workspace; readonly onClose: () => void }) {
  const client = useClient()
  const [before, setBefore] = useState('')
  const [archive, setArchive] = useState(true)
  const compact = async (): Promise<void> => {
    const endedBefore = before === '' ? null : new Date(`${before}T00:00:00`).toISOString()
    const done = await client.request('runs:compact', { workspaceId: workspace.id, endedBefore, archive })
    const removed = done.removedRuns === 0 ? '' : ` ${done.removedRuns.toLocaleString('en')} old runs taken out.`
    showToast({
      tone: 'done',
      text: `${workspace.name}: ${toSize(done.bytesBefore)} became ${toSize(done.bytesAfter)}.${removed} The old file: ${done.copy}`,
      action: null,
    })
  }
  return (
    <ConfirmDialog
      title={`Compact the run store of ${workspace.name}`}
      text="The file is written anew with one line for each run and step. Attempts are kept. The old file is kept as a copy. This is refused while a run may still be written."
      act="Compact"
      onConfirm={compact}
      onClose={onClose}
    >
      <div style={{ display: 'grid', gap: 8 }}>
        <label>
          Also take out runs that ended before{' '}
          <input
            className={controls.field}
            type="date"
            value={before}
            onChange={(event) => setBefore(event.target.value)}
          />
        </label>
        <label>
          <input
            type="checkbox"
            checked={archive}
            disabled={before === ''}
            onChange={(event) => setArchive(event.target.checked)}
          />{' '}
          Keep them in an archive file
        </label>
      </div>
    </ConfirmDialog>
  )
}
