import type { TrajectoryRow } from '../../shared/contract'
import { useNow } from '../state/useNow'
import type { TrajectoryWindow } from '../state/useTrajectoryWindow'
import { useVirtualRows } from '../state/useVirtualRows'
import controls from '../styles/controls.module.css'
import rowStyles from '../styles/rows.module.css'
import { trajectoriesTexts } from '../texts/en/trajectories'
import { ago, duration, fullTime, tookMs } from '../texts/times'
import { counted, trajectoryWord } from '../texts/words'
import { StatusMark } from './StatusMark'
import styles from './TrajectoryList.module.css'

const rowHeight = 50

/** The trajectories that are on the screen. */
export function TrajectoryList({
  openId,
  list,
  index,
  open,
  onHold,
}: {
  readonly openId: string | null
  readonly list: TrajectoryWindow
  readonly index: number
  readonly open: (index: number, show: boolean) => void
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
        aria-label={trajectoriesTexts.trajectories}
        tabIndex={0}
        aria-activedescendant={`trajectory-row-${index}`}
        style={{ height, position: 'relative' }}
      >
        {rows.map((row) => {
          const trajectory = list.rowAt(row.index)
          if (!trajectory) return null
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
            <div
              key={`${trajectory.workspaceId} ${trajectory.id}`}
              id={`trajectory-row-${row.index}`}
              role="option"
              aria-selected={openId === trajectory.id}
              tabIndex={-1}
              className={`${rowStyles.row} ${styles.row} ${openId === trajectory.id ? rowStyles.selected : ''} ${index === row.index ? rowStyles.active : ''}`}
              style={{ transform: `translateY(${row.start}px)` }}
              onClick={() => open(row.index, true)}
            >
              <Row trajectory={trajectory} nowMs={nowMs} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Row({ trajectory, nowMs }: { readonly trajectory: TrajectoryRow; readonly nowMs: number }) {
  const { title, status, startedAt, completedAt, agents, chapterCount, decisionCount, problemCount } = trajectory
  const took = completedAt === null ? null : tookMs(startedAt, completedAt, nowMs)
  const facts = [
    counted(chapterCount, trajectoriesTexts.chapter),
    ...(decisionCount > 0 ? [counted(decisionCount, trajectoriesTexts.decision)] : []),
    ...(took === null || trajectory.kind === 'compacted' ? [] : [duration(took)]),
    ...(agents.length > 0 ? [agents.join(', ')] : []),
  ]
  return (
    <>
      <StatusMark status={trajectoryWord(status)} wordless />
      <span className={`${controls.ellipsis} ${styles.title}`} title={title}>
        {title}
      </span>
      <span className={controls.secondary} title={fullTime(startedAt)}>
        {startedAt === null ? '' : ago(startedAt, nowMs)}
      </span>
      <span className={`${controls.ellipsis} ${controls.secondary} ${styles.facts}`} title={facts.join(' · ')}>
        {facts.join(' · ')}
      </span>
      <span className={styles.problems}>
        {problemCount > 0 ? counted(problemCount, trajectoriesTexts.problem) : ''}
      </span>
    </>
  )
}
