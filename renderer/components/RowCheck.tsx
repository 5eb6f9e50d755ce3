import styles from './RowCheck.module.css'

/** The box of a row by which a pointer chooses it; the row itself tells whether it is chosen, so this is only drawn. */
export function RowCheck({ chosen, ...span }: { readonly chosen: boolean } & React.ComponentProps<'span'>) {
  return (
    <span {...span} className={styles.box}>
      <span className={`${styles.square} ${chosen ? styles.chosen : ''}`}>
        {chosen && (
          <svg width="12" height="12" viewBox="1 1 12 12" aria-hidden="true">
            <path d="M3.5 7.2 6 9.7 10.5 4.6" className={styles.tick} />
          </svg>
        )}
      </span>
    </span>
  )
}
