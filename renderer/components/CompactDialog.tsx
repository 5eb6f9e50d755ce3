import { useState } from 'react'
import type { Workspace } from '../../shared/contract'
import { useClient } from '../state/client'
import { showToast } from '../state/toasts'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
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
    const removed = done.removedRuns === 0 ? '' : windowTexts.oldRunsTakenOut(done.removedRuns.toLocaleString('en'))
    showToast({
      tone: 'done',
      text: windowTexts.becameTheOldFile(
        workspace.name,
        toSize(done.bytesBefore),
        toSize(done.bytesAfter),
        removed,
        done.copy,
      ),
      action: null,
    })
  }
  return (
    <ConfirmDialog
      title={windowTexts.compactTheRunStore(workspace.name)}
      text={windowTexts.theFileIsWritten}
      act={windowTexts.compact}
      onConfirm={compact}
      onClose={onClose}
    >
      <div style={{ display: 'grid', gap: 8 }}>
        <label>
          {windowTexts.alsoTakeOutRuns}{' '}
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
          {windowTexts.keepThemInAnArchive}
        </label>
      </div>
    </ConfirmDialog>
  )
}
