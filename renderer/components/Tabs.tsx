import { type ReactNode, useId } from 'react'
import { keyIdOf } from '../../shared/rules/pressedKeys'
import styles from './Tabs.module.css'

/** One of several views of the same thing. `name` is its key and its word. */
export interface Tab<Name extends string> {
  readonly name: Name
  /** Stands behind the word, such as a count. */
  readonly note?: string
}

/** A row of tabs over the panel of the chosen one. Arrow keys, Home and End move; Tab goes into the panel. */
export function Tabs<Name extends string>({
  label,
  tabs,
  chosen,
  onChoose,
  children,
  aside,
}: {
  readonly label: string
  readonly tabs: readonly Tab<Name>[]
  readonly chosen: Name
  readonly onChoose: (name: Name) => void
  readonly children: ReactNode
  /** Stands at the end of the row. */
  readonly aside?: ReactNode
}) {
  const id = useId()
  const onKey = (event: React.KeyboardEvent<HTMLElement>): void => {
    const at = tabs.findIndex(({ name }) => name === chosen)
    const to = targetOf(event, { at, count: tabs.length })
    const tab = to === null ? undefined : tabs[to]
    if (!tab) return
    event.preventDefault()
    event.stopPropagation()
    onChoose(tab.name)
    const buttons = event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')
    buttons[to ?? 0]?.focus()
  }
  return (
    <>
      <div className={styles.bar}>
        <div role="tablist" aria-label={label} className={styles.tabs} onKeyDown={onKey}>
          {tabs.map(({ name, note }) => (
            <button
              key={name}
              id={`${id} ${name}`}
              type="button"
              role="tab"
              aria-selected={chosen === name}
              tabIndex={chosen === name ? 0 : -1}
              className={styles.tab}
              onClick={() => onChoose(name)}
            >
              {name}
              {note && <span className={styles.note}> {note}</span>}
            </button>
          ))}
        </div>
        {aside}
      </div>
      <div role="tabpanel" aria-label={chosen} className={styles.panel}>
        {children}
      </div>
    </>
  )
}

function targetOf(
  event: React.KeyboardEvent,
  { at, count }: { readonly at: number; readonly count: number },
): number | null {
  switch (keyIdOf(event, ['Tabs and bars'])) {
    case 'tab-next':
      return (at + 1) % count
    case 'tab-previous':
      return (at - 1 + count) % count
    case 'tab-first':
      return 0
    case 'tab-last':
      return count - 1
    default:
      return null
  }
}
