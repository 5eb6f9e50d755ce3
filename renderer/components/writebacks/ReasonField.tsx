import type { RefObject } from 'react'
import controls from '../../styles/controls.module.css'
import { operationsTexts } from '../../texts/en/operations'
import styles from './ReasonField.module.css'

/** Asks why somebody acts. */
export function ReasonField({
  value,
  field,
  onChange,
}: {
  readonly value: string
  readonly field?: RefObject<HTMLInputElement | null>
  readonly onChange: (value: string) => void
}) {
  return (
    <label className={styles.reason}>
      {operationsTexts.reasonForTheAudit}
      <input
        ref={field}
        className={controls.field}
        maxLength={2000}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  )
}

/** The reason as requests take it: null when none was given. */
export function toReason(typed: string): string | null {
  return typed.trim() === '' ? null : typed.trim()
}
