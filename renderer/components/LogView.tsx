import { isKey } from '../../shared/rules/pressedKeys'
import type { LogLine } from '../state/logPages'
import type { LineScroll } from '../state/useLineScroll'
import type { LogLineWindow } from '../state/useLogLines'
import type { LogQuestion } from '../state/useLogSearch'
import { logsTexts } from '../texts/en/logs'
import { LogText } from './LogText'
import styles from './LogView.module.css'

/** The height of a line, in px. */
export const logLineHeight = 18

/** Rows from 0, both included. */
export interface RowRange {
  readonly from: number
  readonly to: number
}

/** The lines of a log that are on the screen. The keyboard scrolls it; a click on a number, with Shift for more, chooses lines. */
export function LogView({
  label,
  lines,
  scroll,
  question,
  shownRow,
  chosen,
  onScroll,
  onChoose,
}: {
  readonly label: string
  readonly lines: LogLineWindow
  readonly scroll: LineScroll
  readonly question: LogQuestion
  /** The row of the hit or error that was gone to; null for none. */
  readonly shownRow: number | null
  readonly chosen: RowRange | null
  readonly onScroll: () => void
  readonly onChoose: (range: RowRange | null) => void
}) {
  const rows = Array.from({ length: Math.max(0, scroll.last - scroll.first + 1) }, (_, index) => scroll.first + index)
  const query = question.regex ? '' : question.query
  const choose = (event: React.MouseEvent): void => {
    const row = rowOf(event.target)
    if (row === null) return
    const anchor = chosen?.from ?? row
    onChoose(event.shiftKey ? { from: Math.min(anchor, row), to: Math.max(anchor, row) } : { from: row, to: row })
  }
  return (
    <section
      ref={scroll.scroller}
      className={styles.log}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={(event) => {
        const first = isKey(event, 'first')
        if (!first && !isKey(event, 'last')) return
        event.preventDefault()
        scroll.scrollTo(first ? 0 : lines.total)
      }}
      onClick={choose}
    >
      <div className={styles.whole} style={{ height: scroll.height }}>
        <div className={styles.rows} style={{ transform: `translateY(${scroll.top}px)` }}>
          {rows.map((row) => (
            <Row
              key={row}
              row={row}
              line={lines.lineAt(row)}
              query={query}
              caseSensitive={question.caseSensitive}
              look={`${row === shownRow ? styles.shown : ''} ${chosen && row >= chosen.from && row <= chosen.to ? styles.chosen : ''}`}
            />
          ))}
        </div>
      </div>
    </section>
  )
}

function Row({
  row,
  line,
  query,
  caseSensitive,
  look,
}: {
  readonly row: number
  readonly line: LogLine | undefined
  readonly query: string
  readonly caseSensitive: boolean
  readonly look: string
}) {
  if (!line) return <div className={styles.row} />
  return (
    <div className={`${styles.row} ${line.stream === 'stderr' ? styles.stderr : ''} ${look}`}>
      <span className={styles.number} data-row={row} title={logsTexts.line(line.number, line.stream)}>
        {line.number}
      </span>
      <span className={styles.stream}>{line.stream === 'stderr' ? logsTexts.err : ''}</span>
      <LogText text={line.text} query={query} caseSensitive={caseSensitive} />
      {line.cut && <span className={styles.cut}> {logsTexts.cutAfterKib}</span>}
    </div>
  )
}

function rowOf(target: EventTarget): number | null {
  const row = target instanceof HTMLElement ? target.getAttribute('data-row') : null
  return row === null ? null : Number(row)
}
