import { memo } from 'react'
import { type AnsiSpan, toAnsiSpans } from '../texts/ansiSpans'
import { markSpans } from '../texts/markSpans'
import styles from './LogText.module.css'

/** The text of a line of a log with its colours, and with what is searched marked. */
export const LogText = memo(function LogText({
  text,
  query,
  caseSensitive,
}: {
  readonly text: string
  /** Marked wherever it stands; empty marks nothing. */
  readonly query: string
  readonly caseSensitive: boolean
}) {
  return markSpans(toAnsiSpans(text), { query, caseSensitive }).map(({ span, text: piece, marked }, index) => {
    const look = lookOf(span)
    if (look === '' && !marked) return piece
    return marked ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have no identity but their place
      <mark key={index} className={`${styles.marked} ${look}`}>
        {piece}
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <span key={index} className={look}>
        {piece}
      </span>
    )
  })
})

function lookOf(span: AnsiSpan): string {
  const classes = [
    span.tone === null ? undefined : styles[`tone${span.tone}`],
    span.background === null ? undefined : styles[`back${span.background}`],
    span.bold ? styles.bold : undefined,
    span.dim ? styles.dim : undefined,
    span.italic ? styles.italic : undefined,
    span.underline ? styles.underline : undefined,
  ]
  return classes.filter((name) => name !== undefined).join(' ')
}
