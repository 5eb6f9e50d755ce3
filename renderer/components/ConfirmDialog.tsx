import type { ReactNode } from 'react'
import { useAttempt } from '../state/useAttempt'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
import { Dialog } from './Dialog'

/** Asks before an act; a refusal is told in the dialog, which then stays. */
export function ConfirmDialog({
  title,
  text,
  act,
  disabled = false,
  children,
  onConfirm,
  onClose,
}: {
  readonly title: string
  readonly text: string
  readonly act: string
  /** It cannot be done; the children tell why. */
  readonly disabled?: boolean
  readonly children?: ReactNode
  readonly onConfirm: () => Promise<void>
  readonly onClose: () => void
}) {
  const { busy, refusal, attempt } = useAttempt()
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      {children}
      {refusal !== null && <p role="alert">{refusal}</p>}
      <div className={controls.actions}>
        <button type="button" className={controls.button} onClick={onClose}>
          {windowTexts.keepAsItIs}
        </button>
        <button
          type="button"
          className={`${controls.button} ${controls.primary}`}
          disabled={busy || disabled}
          onClick={() => attempt(onConfirm, onClose)}
        >
          {act}
        </button>
      </div>
    </Dialog>
  )
}
