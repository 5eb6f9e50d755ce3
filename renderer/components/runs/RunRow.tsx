import { memo } from 'react'
import type { Run } from '../../../shared/runs'
import { type ColumnChoice, columnFacts } from '../../state/runColumns'
import type { Glance } from '../../state/runGlances'
import rowStyles from '../../styles/rows.module.css'
import { ago } from '../../texts/times'
import { RowCheck } from '../RowCheck'
import { RunCell } from './RunCell'
import styles from './RunRow.module.css'

/** A row of the run list; a clickable one names its place, and its box, in `data-row` and `data-box`. */
export const RunRow = memo(function RunRow({
  index,
  run,
  glance,
  columns,
  top,
  nowMs,
  workspace,
  open,
  active,
  chosen,
}: {
  readonly index: number
  /** Where it stands, in px. */
  readonly top: number
  /** Undefined while it is on its way; then, perhaps, a glance of it. */
  readonly run: Run | undefined
  readonly glance: Glance | undefined
  readonly columns: readonly ColumnChoice[]
  readonly nowMs: number
  readonly workspace: string
  readonly open: boolean
  readonly active: boolean
  readonly chosen: boolean
}) {
  if (!run && glance) return <GlanceRow index={index} top={top} glance={glance} columns={columns} nowMs={nowMs} />
  if (!run) return <div className={rowStyles.awaited} style={{ top }} aria-hidden="true" />
  return (
    <div
      id={`run-row-${index}`}
      role="option"
      aria-selected={chosen}
      aria-current={open ? 'true' : undefined}
      tabIndex={-1}
      className={`${rowStyles.row} ${styles.row} ${open || chosen ? styles.selected : ''} ${active ? rowStyles.active : ''}`}
      style={{ top }}
      data-row={index}
    >
      <RowCheck chosen={chosen} data-box="" />
      {columns.map(({ id, width }) => (
        <RunCell
          key={id}
          column={id}
          run={run}
          fits={width === null || width >= columnFacts[id].leastPx}
          workspace={workspace}
          nowMs={nowMs}
        />
      ))}
    </div>
  )
})

/** A row that is on its way: what never changes of it. Little is drawn, for lists fly by with it. */
function GlanceRow({
  index,
  top,
  glance,
  columns,
  nowMs,
}: {
  readonly index: number
  readonly top: number
  readonly glance: Glance
  readonly columns: readonly ColumnChoice[]
  readonly nowMs: number
}) {
  const { workflowName, startedMs } = glance
  const started = columns.findIndex(({ id }) => id === 'started')
  return (
    <div
      id={`run-row-${index}`}
      role="option"
      aria-selected="false"
      tabIndex={-1}
      className={`${rowStyles.row} ${styles.row} ${styles.coming}`}
      style={{ top }}
    >
      <span style={{ gridColumn: columns.findIndex(({ id }) => id === 'workflow') + 2 }} className={styles.name}>
        {workflowName}
      </span>
      {started >= 0 && startedMs !== null && (
        <span style={{ gridColumn: started + 2 }}>{ago(new Date(startedMs).toISOString(), nowMs)}</span>
      )}
    </div>
  )
}
