import { type ReactNode, useEffect, useId, useRef } from 'react'
import { type KeyId, keysOf } from '../../../shared/keys'
import { isKey, keyStep } from '../../../shared/rules/pressedKeys'
import { isPlainKey } from '../../state/keys'
import controls from '../../styles/controls.module.css'
import styles from './Popover.module.css'

/** A box behind a button, for choices that stay open while one chooses. Esc and a click beside it close; the focus goes back. */
export function Popover({
  label,
  words,
  title,
  openKey,
  className = controls.button,
  children,
}: {
  /** What the box, and for screen readers the button, is called. */
  readonly label: string
  readonly words: ReactNode
  readonly title?: string
  /** What the key of the window that opens it does. */
  readonly openKey?: KeyId
  readonly className?: string | undefined
  readonly children: (close: () => void) => ReactNode
}) {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = (): void => {
    box.current?.hidePopover()
    button.current?.focus()
  }
  const open = (): void => {
    const at = button.current?.getBoundingClientRect()
    if (!box.current || !at) return
    box.current.style.top = `${at.bottom + 4}px`
    box.current.showPopover()
    const left = Math.min(at.left, window.innerWidth - box.current.offsetWidth - 8)
    box.current.style.left = `${Math.max(8, left)}px`
    box.current.querySelector<HTMLElement>('button, input, select, a')?.focus()
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (openKey === undefined || !isKey(event, openKey) || !isPlainKey(event)) return
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        title={title}
        {...(openKey === undefined ? {} : { 'aria-keyshortcuts': keysOf(openKey)[0] })}
        aria-label={label}
        aria-haspopup="dialog"
        aria-controls={id}
        onClick={open}
      >
        {words}
      </button>
      <div
        ref={box}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        className={styles.box}
        onKeyDown={(event) => {
          // Keys that mean something in the box are not for the list behind it.
          event.stopPropagation()
          moveFocus(event)
        }}
      >
        {children(close)}
      </div>
    </>
  )
}

/** Arrow keys move between the controls of the group that has the focus. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = keyStep(event, { back: 'menu-previous', on: 'menu-next' })
  const { target } = event
  if (step === 0 || !(target instanceof HTMLElement)) return
  if (target.matches('select, input:not([type="checkbox"], [type="radio"])')) return
  const group = target.closest('[data-group]')
  const items = [...(group?.querySelectorAll<HTMLElement>('button, input, a') ?? [])]
  const at = items.indexOf(target)
  if (at === -1) return
  event.preventDefault()
  items[(at + step + items.length) % items.length]?.focus()
}
