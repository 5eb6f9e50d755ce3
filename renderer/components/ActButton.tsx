import type { ReactNode } from 'react'
import { useReadOnly } from '../state/appInfo'
import { showToast } from '../state/toasts'
import controls from '../styles/controls.module.css'

/**
 * A button that changes something. While it cannot, it stays in reach and tells why: as its title, to screen readers, and
 * when it is pressed.
 */
export function ActButton({
  refusal,
  onAct,
  primary = false,
  keyHint,
  children,
}: {
  /** Why it cannot be done; null when it can. Read-only mode refuses everything. */
  readonly refusal: string | null
  readonly onAct: () => void
  readonly primary?: boolean
  /** The key that does the same. */
  readonly keyHint?: string
  readonly children: ReactNode
}) {
  const readOnly = useReadOnly()
  const why = readOnly ?? refusal
  return (
    <button
      type="button"
      className={`${controls.button} ${primary && why === null ? controls.primary : ''}`}
      aria-disabled={why !== null}
      aria-description={why ?? undefined}
      title={why ?? (keyHint ? `Key: ${keyHint}` : undefined)}
      onClick={() => {
        if (why === null) onAct()
        else showToast({ tone: 'refused', text: why, action: null })
      }}
    >
      {children}
    </button>
  )
}
