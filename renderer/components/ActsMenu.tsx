import { useId, useRef } from 'react'
import { isKey, keyStep } from '../../shared/rules/pressedKeys'
import controls from '../styles/controls.module.css'
import styles from './ActsMenu.module.css'

/** Something of a menu. `refusal` tells why it cannot be chosen; null when it can. */
export interface MenuAct {
  readonly label: string
  readonly refusal: string | null
  readonly onAct: () => void
}

/** The rarer acts behind one button. Arrow keys move, Esc and a click beside it close. */
export function ActsMenu({ label, acts }: { readonly label: string; readonly acts: readonly MenuAct[] }) {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const open = (): void => {
    const box = button.current?.getBoundingClientRect()
    if (!menu.current || !box) return
    menu.current.style.top = `${box.bottom + 4}px`
    menu.current.style.right = `${Math.max(8, window.innerWidth - box.right)}px`
    menu.current.showPopover()
    menu.current.querySelector<HTMLElement>('[role="menuitem"]')?.focus()
  }
  const onKey = (event: React.KeyboardEvent<HTMLElement>): void => {
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')]
    const at = items.findIndex((item) => item.contains(document.activeElement))
    event.stopPropagation()
    if (isKey(event, 'leave')) menu.current?.hidePopover()
    const step = keyStep(event, { back: 'menu-previous', on: 'menu-next' })
    if (step === 0) return
    event.preventDefault()
    items[(at + step + items.length) % items.length]?.focus()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className={controls.button}
        aria-label={label}
        aria-haspopup="menu"
        aria-controls={id}
        onClick={open}
      >
        ⋯
      </button>
      <div ref={menu} id={id} popover="auto" role="menu" aria-label={label} className={styles.menu} onKeyDown={onKey}>
        {acts.map(({ label: word, refusal, onAct }) => (
          <button
            key={word}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={styles.act}
            aria-disabled={refusal !== null}
            onClick={() => {
              if (refusal !== null) return
              menu.current?.hidePopover()
              onAct()
            }}
          >
            {word}
            {refusal !== null && <span className={controls.secondary}>{refusal}</span>}
          </button>
        ))}
      </div>
    </>
  )
}
