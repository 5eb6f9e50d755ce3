import type { RefObject } from 'react'
import type { TimelineRow } from '../../../shared/timeline'
import type { VirtualRows } from '../../state/useVirtualRows'
import rowStyles from '../../styles/rows.module.css'
import { timelineTexts } from '../../texts/en/timeline'
import { stepTimes } from '../../texts/stepTimes'
import { clock, duration, fullTime } from '../../texts/times'
import { statusWord } from '../../texts/words'
import { StatusMark } from '../StatusMark'
import styles from './StepTable.module.css'

const columns = [
  timelineTexts.step,
  timelineTexts.status,
  timelineTexts.attempts,
  timelineTexts.waitedWord,
  timelineTexts.ranWord,
  timelineTexts.started,
  timelineTexts.ended,
  timelineTexts.after,
] as const

/** The steps of a run as text. Only the rows on the screen are there; the table takes the same keys as the bars. */
export function StepTable({
  scroller,
  height,
  drawn,
  total,
  rowAt,
  nowMs,
  selected,
  onSelect,
  onKey,
}: {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** Of all rows, in px. */
  readonly height: number
  readonly drawn: VirtualRows['rows']
  readonly total: number
  readonly rowAt: (row: number) => TimelineRow | undefined
  /** Until when what goes on has lasted, in ms; null where nothing can. */
  readonly nowMs: number | null
  readonly selected: string | null
  readonly onSelect: (stepId: string) => void
  readonly onKey: (event: React.KeyboardEvent) => void
}) {
  const above = drawn[0]?.start ?? 0
  const below = height - (drawn.at(-1)?.end ?? 0)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: takes the keys of the table that scrolls in it
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <div ref={scroller} className={styles.scroll} tabIndex={0} onKeyDown={onKey}>
      <table className={styles.table} aria-label={timelineTexts.stepsAsATable} aria-rowcount={total + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {drawn.map(({ index, key }) => {
            const row = rowAt(index)
            return row ? (
              <TextRow
                key={row.id}
                row={row}
                rowIndex={index + 2}
                nowMs={nowMs}
                selected={row.id === selected}
                onSelect={() => onSelect(row.id)}
              />
            ) : (
              <tr key={key} className={`${rowStyles.row} ${styles.row}`} />
            )
          })}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  )
}

function TextRow({
  row,
  rowIndex,
  nowMs,
  selected,
  onSelect,
}: {
  readonly row: TimelineRow
  readonly rowIndex: number
  readonly nowMs: number | null
  readonly selected: boolean
  readonly onSelect: () => void
}) {
  const { waitedMs, ranMs } = stepTimes(row, nowMs)
  const ended = row.attempts.at(-1)?.completedAt ?? null
  const began = row.attempts[0]?.startedAt ?? null
  const after = row.dependsOn.join(', ')
  return (
    <tr
      aria-rowindex={rowIndex}
      aria-current={selected || undefined}
      className={`${rowStyles.row} ${styles.row} ${selected ? rowStyles.selected : ''}`}
      onClick={onSelect}
    >
      <th scope="row" title={row.name}>
        {row.name}
      </th>
      <td>
        <StatusMark status={statusWord(row.status)} />
      </td>
      <td>{row.attempts.length.toLocaleString('en')}</td>
      <td>{waitedMs === null ? '' : duration(waitedMs)}</td>
      <td>{ranMs === null ? '' : duration(ranMs)}</td>
      <td title={fullTime(began)}>{clock(began)}</td>
      <td title={fullTime(ended)}>{clock(ended)}</td>
      <td title={after}>{after}</td>
    </tr>
  )
}
