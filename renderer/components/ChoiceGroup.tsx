import type { ReactNode } from 'react'
import controls from '../styles/controls.module.css'
import { withLocalTimes } from '../texts/times'
import styles from './ChoiceGroup.module.css'

/** A question with the choices that answer it, on one line where they fit. */
export function ChoiceGroup({ legend, children }: { readonly legend: string; readonly children: ReactNode }) {
  return (
    <fieldset className={styles.choices}>
      <legend>{legend}</legend>
      {children}
    </fieldset>
  )
}

/** One choice of a group; what cannot be chosen stands there with its reason. */
export function Choice({
  group,
  label,
  checked,
  refusal,
  onChoose,
}: {
  readonly group: string
  readonly label: string
  readonly checked: boolean
  /** Why it cannot be chosen; null when it can. */
  readonly refusal: string | null
  readonly onChoose: () => void
}) {
  return (
    <label className={refusal === null ? undefined : styles.refused}>
      <input type="radio" name={group} checked={checked} disabled={refusal !== null} onChange={onChoose} /> {label}
      {refusal !== null && <span className={controls.secondary}> ({withLocalTimes(refusal)})</span>}
    </label>
  )
}
