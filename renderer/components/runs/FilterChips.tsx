import { useRef } from 'react'
import type { RunWhere } from '../../../shared/rules/runWhere'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import { whereChips } from '../../texts/whereWords'
import styles from './FilterChips.module.css'
import type { ChangeWhere } from './FilterMenu'

/** What narrows the list, each part removable. */
export function FilterChips({
  where,
  causeTitle,
  onChange,
}: {
  readonly where: RunWhere | undefined
  readonly causeTitle: string | null
  readonly onChange: ChangeWhere
}) {
  const box = useRef<HTMLSpanElement>(null)
  const chips = whereChips(where, causeTitle)
  const remove = (index: number): void => {
    const all = [...(box.current?.parentElement?.querySelectorAll<HTMLElement>('button') ?? [])]
    const own = [...(box.current?.querySelectorAll<HTMLElement>('button') ?? [])]
    const next = own[index + 1] ?? own[index - 1] ?? all.find((button) => !own.includes(button))
    next?.focus()
    onChange(chips[index]?.without ?? {})
  }
  return (
    <span ref={box} className={styles.chips}>
      {chips.map(({ key, words }, index) => (
        <button
          key={key}
          type="button"
          className={`${controls.chip} ${styles.chip}`}
          aria-label={runsTexts.removeTheFilter(words)}
          title={runsTexts.clickToRemove(words)}
          onClick={() => remove(index)}
        >
          <span className={controls.ellipsis}>{words}</span> <span aria-hidden="true">✕</span>
        </button>
      ))}
      {chips.length > 1 && (
        <button
          type="button"
          className={controls.plain}
          onClick={() => {
            box.current?.parentElement?.querySelector<HTMLElement>('button')?.focus()
            onChange(Object.assign({}, ...chips.map(({ without }) => without)))
          }}
        >
          {runsTexts.clear}
        </button>
      )}
    </span>
  )
}
