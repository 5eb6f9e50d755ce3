import type { Run } from '../../../shared/runs'
import type { TimelineRow } from '../../../shared/timeline'
import type { TimeScale } from '../../state/timeScale'
import controls from '../../styles/controls.module.css'
import rowStyles from '../../styles/rows.module.css'
import { timelineTexts } from '../../texts/en/timeline'
import { stepNote } from '../../texts/stepNote'
import { stepTimes } from '../../texts/stepTimes'
import { duration } from '../../texts/times'
import { statusWord } from '../../texts/words'
import { StatusMark } from '../StatusMark'
import styles from './Timeline.module.css'

/** On which scale bars are drawn, and until when those of what still goes on last. */
export interface BarsDraw {
  readonly scale: TimeScale
  /** Null where nothing can go on. */
  readonly nowMs: number | null
  readonly retry: Run['retry']
  /** The time by which a countdown goes, in ms. */
  readonly clockMs: number
}

/** A step of the timeline: its name, its wait and its attempts as bars, and how long both took. */
export function StepRow({
  id,
  row,
  index,
  total,
  top,
  draw,
  selected,
  onSelect,
}: {
  readonly id: string
  readonly row: TimelineRow
  readonly index: number
  readonly total: number
  readonly top: number
  readonly draw: BarsDraw
  readonly selected: boolean
  readonly onSelect: () => void
}) {
  const { waitedMs, ranMs } = stepTimes(row, draw.nowMs)
  const note = stepNote(row, draw.retry, draw.clockMs)
  const isNoted = ranMs === null || Boolean(row.nextAttemptAt) || Boolean(row.rollback)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={total}
      tabIndex={-1}
      className={`${rowStyles.row} ${styles.row} ${selected ? rowStyles.selected : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onSelect}
    >
      <StatusMark status={statusWord(row.status)} wordless />
      <span className={controls.ellipsis} title={row.name}>
        {row.name}
      </span>
      <span className={styles.bars} aria-hidden="true">
        <WaitBar row={row} waitedMs={waitedMs} scale={draw.scale} />
        {row.attempts.map((attempt) => (
          <AttemptBar key={attempt.number} attempt={attempt} draw={draw} />
        ))}
      </span>
      <span className={styles.waited}>
        {waitedMs !== null && (
          <>
            <span className={styles.said}>{timelineTexts.waited} </span>
            {duration(waitedMs)}
          </>
        )}
      </span>
      <span className={styles.note} title={note}>
        {row.attempts.length > 1 && ranMs !== null && (
          <span className={styles.tries}>
            {row.attempts.length}×<span className={styles.said}> {timelineTexts.tried} </span>
          </span>
        )}
        {isNoted ? (
          note
        ) : (
          <>
            <span className={styles.said}>{timelineTexts.ran} </span>
            {duration(ranMs)}
          </>
        )}
      </span>
    </div>
  )
}

function WaitBar({
  row,
  waitedMs,
  scale,
}: {
  readonly row: TimelineRow
  readonly waitedMs: number | null
  readonly scale: TimeScale
}) {
  if (row.readyMs === null || !waitedMs) return null
  const box = boxOf(scale, row.readyMs, row.readyMs + waitedMs)
  return box && <span className={styles.wait} style={box} title={timelineTexts.waitedForItsTurn(duration(waitedMs))} />
}

function AttemptBar({
  attempt: { number, startedAt, completedAt, status },
  draw: { scale, nowMs },
}: {
  readonly attempt: TimelineRow['attempts'][number]
  readonly draw: BarsDraw
}) {
  const begin = Date.parse(startedAt ?? '')
  const end = completedAt === null ? ((status === 'running' ? nowMs : null) ?? begin) : Date.parse(completedAt)
  const box = Number.isNaN(begin) ? null : boxOf(scale, begin, end)
  return (
    box && (
      <span
        className={`${styles.attempt} ${styles[status]}`}
        style={box}
        title={timelineTexts.attempt(number, statusWord(status).word, duration(end - begin))}
      />
    )
  )
}

/** Where a time stands on the scale; null when no part of it does. */
function boxOf(
  scale: TimeScale,
  fromMs: number,
  toMs: number,
): { readonly left: string; readonly width: string } | null {
  const [from, to] = [scale.placeOf(fromMs), scale.placeOf(toMs)]
  if (!(to >= 0 && from <= 1)) return null
  const left = Math.max(0, from)
  return { left: `${100 * left}%`, width: `${100 * Math.max(0, Math.min(1, to) - left)}%` }
}
