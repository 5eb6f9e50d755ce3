import type { Run } from '../../shared/runs'
import { useNow } from '../state/useNow'
import type { RunWindow } from '../state/useRunWindow'
import { useVirtualRows } from '../state/useVirtualRows'
import controls from '../styles/controls.module.css'
import { ago, duration, fullTime, tookMs } from '../texts/times'
import { runStatusWord } from '../texts/words'
import styles from './RunList.module.css'
import { StatusMark } from './StatusMark'

const rowHeight = 32

/** The rows of the run list that are on the screen. */
export function RunList({
  openId,
  list,
  index,
  setIndex,
  open,
  onHold,
}: {
  readonly openId: string | null
  readonly list: RunWindow
  readonly index: number
  readonly setIndex: (index: number) => void
  readonly open: (run: Run | undefined) => void
  readonly onHold: (held: boolean) => void
}) {
  const nowMs = useNow()
  const { scroller, rows, height } = useVirtualRows({ count: list.total, rowHeight, index, onShow: list.show })

  return (
    <div
      ref={scroller}
      className={styles.scroll}
      onScroll={(event) => onHold(event.currentTarget.scrollTop > rowHeight)}
    >
      <div
        role="listbox"
        aria-label="Runs"
        tabIndex={0}
        aria-activedescendant={`run-row-${index}`}
        style={{ height, position: 'relative' }}
      >
        {rows.map((row) => {
          const run = list.rowAt(row.index)
          return (
            <div
              key={run?.id ?? `place-${row.index}`}
              className={styles.place}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {run && (
                <RunRow
                  run={run}
                  id={`run-row-${row.index}`}
                  nowMs={nowMs}
                  selected={openId === run.id}
                  active={index === row.index}
                  onOpen={() => {
                    setIndex(row.index)
                    open(run)
                  }}
                />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function RunRow({
  run,
  id,
  nowMs,
  selected,
  active,
  onOpen,
}: {
  readonly run: Run
  readonly id: string
  readonly nowMs: number
  readonly selected: boolean
  readonly active: boolean
  readonly onOpen: () => void
}) {
  const status = runStatusWord(run)
  const { total, completed } = run.stepCounts
  const took = tookMs(run.startedAt, run.completedAt, nowMs)
  const said = run.retry
    ? `attempt ${run.retry.attempt} of ${run.retry.of} of ${run.retry.step} in ${duration(Math.max(0, Date.parse(run.retry.at) - nowMs))}`
    : run.liveness === 'orphaned'
      ? (run.livenessReason ?? '')
      : (run.error ?? '')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
    <div
      id={id}
      role="option"
      aria-selected={selected}
      tabIndex={-1}
      className={`${styles.row} ${selected ? styles.selected : ''} ${active ? styles.active : ''}`}
      onClick={onOpen}
    >
      <StatusMark status={status} />
      <span className={`${controls.ellipsis} ${styles.name}`}>
        {!run.saved && <span className={styles.unsaved}>Not saved </span>}
        {run.workflowName}
      </span>
      <span className={`mono ${styles.id}`}>{run.id.slice(0, 8)}</span>
      <span className={styles.time} title={fullTime(run.startedAt)}>
        {ago(run.startedAt, nowMs)}
      </span>
      <span className={styles.steps}>
        <span className={styles.track} aria-hidden="true">
          <span className={styles.done} style={{ width: `${total === 0 ? 0 : (100 * completed) / total}%` }} />
        </span>
        {completed}/{total}
      </span>
      <span className={styles.time}>
        {took === null ||
        run.status === 'unknown' ||
        run.liveness === 'orphaned' ||
        (run.completedAt === null && run.liveness === null)
          ? ''
          : duration(took)}
      </span>
      <span className={`${controls.ellipsis} ${styles.error}`} title={said}>
        {said.replace(/\s+/g, ' ')}
      </span>
    </div>
  )
}
