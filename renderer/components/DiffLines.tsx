import styles from './DiffLines.module.css'

/** A line of a difference; `gap` stands for lines that are the same and not shown. */
export interface DiffLine {
  readonly kind: 'same' | 'add' | 'remove' | 'gap'
  readonly text: string
}

const marks = { same: ' ', add: '+', remove: '−', gap: '⋯' } as const
const words = { same: '', add: 'added: ', remove: 'removed: ', gap: '' } as const

/** A difference line by line, told by sign and colour. */
export function DiffLines({ lines, label }: { readonly lines: readonly DiffLine[]; readonly label: string }) {
  if (lines.length === 0) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section className={styles.diff} aria-label={label} tabIndex={0}>
      {lines.map(({ kind, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <div key={index} className={`${styles.line} ${styles[kind]}`}>
          <span aria-hidden="true" className={styles.mark}>
            {marks[kind]}
          </span>
          <span className={styles.word}>{words[kind]}</span>
          {text}
        </div>
      ))}
    </section>
  )
}
