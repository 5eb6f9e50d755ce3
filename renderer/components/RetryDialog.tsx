import { useState } from 'react'
import type { WritebackItem } from '../../shared/writebacks'
import controls from '../styles/controls.module.css'
import { counted } from '../texts/words'
import { ConfirmDialog } from './ConfirmDialog'

/** Lists what a bulk retry will touch, and asks for the reason that the ledger keeps. */
export function RetryDialog({
  items,
  onRetry,
  onClose,
}: {
  readonly items: readonly WritebackItem[]
  readonly onRetry: (reason: string | null) => Promise<void>
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const act = `Retry ${counted(items.length, 'writeback')}`
  return (
    <ConfirmDialog
      title={`${act}?`}
      text="Exactly these are re-armed, each as it was shown. Records and local files are copied first."
      act={act}
      onClose={onClose}
      onConfirm={() => onRetry(reason.trim() === '' ? null : reason.trim())}
    >
      <ul className="mono" style={{ maxHeight: 200, overflow: 'auto', paddingLeft: 18 }}>
        {items.map((item) => (
          <li key={item.key}>{item.path}</li>
        ))}
      </ul>
      <label>
        Reason, for the ledger
        <input
          className={controls.field}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          style={{ width: '100%' }}
        />
      </label>
    </ConfirmDialog>
  )
}
