import type { ReactNode } from 'react'
import { type KeyId, keysOf } from '../../shared/keys'
import { useReadOnly } from '../state/appInfo'
import { shownKeyOf } from '../state/shortcutKeys'
import { showToast } from '../state/toasts'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'

/**
 * A button that changes something. While it cannot, it stays in reach and tells why: as its title, to screen readers, and
 * when it is pressed.
 */
export function ActButton({
  refusal,
  onAct,
  primary = false,
  keyId,
  children,
}: {
  /** Why it cannot be done; null when it can. Read-only mode refuses everything. */
  readonly refusal: string | null
  readonly onAct: () => void
  readonly primary?: boolean
  /** What the key that does the same does. */
  readonly keyId?: KeyId
  readonly children: ReactNode
}) {
  const readOnly = useReadOnly()
  const why = readOnly ?? refusal
  return (
    <button
      type="button"
      className={`${controls.button} ${primary && why === null ? controls.primary : ''}`}
      aria-keyshortcuts={keyId && keysOf(keyId)[0]}
      aria-disabled={why !== null}
      aria-description={why ?? undefined}
      title={why ?? (keyId ? windowTexts.key(shownKeyOf(keyId)) : undefined)}
      onClick={() => {
        if (why === null) onAct()
        else showToast({ tone: 'refused', text: why, action: null })
      }}
    >
      {children}
    </button>
  )
}
