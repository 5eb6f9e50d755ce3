import { X } from 'lucide-react'
import { useStore } from 'zustand'
import { dismissToast, toastStore } from '../state/toasts'
import controls from '../styles/controls.module.css'
import { windowTexts } from '../texts/en/window'
import styles from './Toasts.module.css'

/** The messages about what was done, told to screen readers as well. */
export function Toasts() {
  const toasts = useStore(toastStore, (state) => state.toasts)
  return (
    <div className={styles.area} role="status" aria-label={windowTexts.messages}>
      {toasts.map((toast) => (
        <div key={toast.id} className={`${styles.toast} ${toast.tone === 'refused' ? styles.refused : ''}`}>
          <span>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              className={controls.plain}
              onClick={() => {
                toast.action?.run()
                dismissToast(toast.id)
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button
            type="button"
            className={controls.plain}
            aria-label={windowTexts.closeMessage}
            onClick={() => dismissToast(toast.id)}
          >
            <X size={14} aria-hidden />
          </button>
        </div>
      ))}
    </div>
  )
}
