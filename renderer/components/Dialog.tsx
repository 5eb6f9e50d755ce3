import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import controls from '../styles/controls.module.css'

/** A dialog over everything else. Esc and the platform's own ways close it; focus goes back to where it was. */
export function Dialog({
  title,
  wide = false,
  whole = false,
  mayClose = () => true,
  onClose,
  children,
}: {
  readonly title: string
  readonly wide?: boolean
  /** It takes all of the window but a margin. */
  readonly whole?: boolean
  /** Is asked before Esc closes it: false keeps it open. */
  readonly mayClose?: () => boolean
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // Before anything is painted: keys pressed right after the one that opened it are meant for it.
  useLayoutEffect(() => {
    element.current?.showModal()
    // Showing a dialog moves the focus to its first part that can hold it, which need not be where one types.
    element.current
      ?.querySelector<HTMLElement>('input:not([type="checkbox"], [type="radio"]), select, textarea')
      ?.focus()
  }, [])
  return (
    <dialog
      ref={element}
      className={`${controls.dialog} ${wide ? controls.wideDialog : ''} ${whole ? controls.wholeDialog : ''}`}
      aria-labelledby={titleId}
      onKeyDown={(event) => {
        if (isKey(event, 'close') && !event.defaultPrevented && !mayClose()) event.preventDefault()
      }}
      onClose={onClose}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  )
}
