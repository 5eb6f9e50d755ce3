import { useState } from 'react'
import controls from '../../styles/controls.module.css'
import { writebackTexts } from '../../texts/en/writeback'
import { toSize } from '../../texts/words'
import { ActButton } from '../ActButton'
import { LazyCodeText } from '../code/LazyCodeText'
import styles from './VersionColumn.module.css'

/** One version of a file among others, with what choosing it does. */
export function VersionColumn({
  title,
  note,
  text,
  absent,
  against,
  fileName,
  act,
  refusal,
  busy,
  onAct,
  onEdit,
}: {
  readonly title: string
  readonly note: string
  /** Null where it cannot be shown; `absent` tells why. */
  readonly text: string | null
  readonly absent: string
  /** The version that differences are shown to; null for the one that the others are compared with. */
  readonly against: string | null
  readonly fileName: string
  readonly act: string
  readonly refusal: string | null
  readonly busy: boolean
  readonly onAct: () => void
  readonly onEdit: (() => void) | null
}) {
  const [compared, setCompared] = useState(true)
  const comparing = compared && against !== null && text !== null
  return (
    <section className={styles.column} aria-label={title}>
      <div className={styles.head}>
        <strong>{title}</strong> <span className={controls.secondary}>{note}</span>
        <span className={controls.spread} />
        {text !== null && <span className={controls.secondary}>{toSize(new TextEncoder().encode(text).length)}</span>}
      </div>
      {against !== null && text !== null && (
        <label className={controls.secondary}>
          <input type="checkbox" checked={compared} onChange={(event) => setCompared(event.target.checked)} />{' '}
          {writebackTexts.markWhatDiffersFromTheServer}
          {text === against && writebackTexts.nothingDoes}
        </label>
      )}
      <div className={styles.text}>
        {text === null ? (
          <p className={controls.secondary}>{absent}</p>
        ) : (
          <LazyCodeText
            label={title}
            fileName={fileName}
            text={text}
            {...(comparing && against !== null ? { original: against } : {})}
          />
        )}
      </div>
      <div className={styles.acts}>
        <ActButton refusal={busy ? writebackTexts.thisIsBeingDone : refusal} onAct={onAct}>
          {act}
        </ActButton>
        {onEdit && (
          <button type="button" className={controls.button} onClick={onEdit}>
            {writebackTexts.editFromHere}
          </button>
        )}
      </div>
    </section>
  )
}
