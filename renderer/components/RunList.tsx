import { useLayoutEffect, useState } from 'react'
import type { RunSort } from '../../shared/runList'
import type { Run } from '../../shared/runs'
import { type ColumnChoice, fittingColumns, gridTracks } from '../state/runColumns'
import { useRowHeight } from '../state/useLook'
import { useNow } from '../state/useNow'
import type { RunSelection } from '../state/useRunSelection'
import type { RunWindow } from '../state/useRunWindow'
import { useVirtualRows } from '../state/useVirtualRows'
import styles from './RunList.module.css'
import { RunCell } from './runs/RunCell'
import { RunListHead } from './runs/RunListHead'

/** What stands beside the columns: the box to choose by, and the margins, in px. */
const besidePx = 56

/** The rows of the run list that are on the screen, under the heads of its columns. */
export function RunList({
  openId,
  list,
  index,
  selection,
  columns,
  sort,
  names,
  onMove,
  onOpen,
  onColumns,
  onSort,
  onScrolled,
}: {
  readonly openId: string | null
  readonly list: RunWindow
  /** The row under the cursor. */
  readonly index: number
  readonly selection: RunSelection
  readonly columns: readonly ColumnChoice[]
  readonly sort: RunSort
  /** What workspaces are called, by their ids. */
  readonly names: ReadonlyMap<string, string>
  readonly onMove: (index: number) => void
  readonly onOpen: (run: Run) => void
  readonly onColumns: (columns: readonly ColumnChoice[]) => void
  readonly onSort: (sort: RunSort) => void
  readonly onScrolled: (isScrolled: boolean) => void
}) {
  const nowMs = useNow()
  const rowHeight = useRowHeight()
  const { scroller, rows, height } = useVirtualRows({ count: list.total, rowHeight, index, onShow: list.show })
  const width = useWidth(scroller)
  const shown = fittingColumns(columns, width - besidePx)
  const tracks = `20px ${gridTracks(shown)}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0
  }, [list.answered])

  return (
    <>
      <RunListHead
        columns={columns}
        shown={shown}
        tracks={tracks}
        width={width}
        sort={sort}
        onColumns={onColumns}
        onSort={onSort}
      />
      <div
        ref={scroller}
        className={styles.scroll}
        onScroll={(event) => onScrolled(event.currentTarget.scrollTop > rowHeight)}
      >
        <div
          role="listbox"
          aria-label="Runs"
          aria-multiselectable="true"
          tabIndex={0}
          aria-activedescendant={list.rowAt(index) ? `run-row-${index}` : undefined}
          className={styles.rows}
          style={{ height }}
        >
          {rows.map((row) => {
            const run = list.rowAt(row.index)
            return (
              <div
                key={run ? `${run.workspaceId} ${run.id}` : `place-${row.index}`}
                className={styles.place}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                {!run && <div className={styles.awaited} aria-hidden="true" />}
                {run && (
                  <RunRow
                    run={run}
                    id={`run-row-${row.index}`}
                    columns={shown}
                    tracks={tracks}
                    nowMs={nowMs}
                    workspace={names.get(run.workspaceId) ?? ''}
                    open={openId === run.id}
                    active={index === row.index}
                    chosen={selection.count > 0 && selection.has(run)}
                    onToggle={() => {
                      onMove(row.index)
                      selection.toggle(run)
                    }}
                    onPick={(event) => {
                      onMove(row.index)
                      if (event.shiftKey)
                        selection.addRange(list, { from: Math.min(index, row.index), to: Math.max(index, row.index) })
                      else if (event.ctrlKey || event.metaKey) selection.toggle(run)
                      else onOpen(run)
                    }}
                  />
                )}
              </div>
            )
          })}
        </div>
      </div>
    </>
  )
}

function RunRow({
  run,
  id,
  columns,
  tracks,
  nowMs,
  workspace,
  open,
  active,
  chosen,
  onToggle,
  onPick,
}: {
  readonly run: Run
  readonly id: string
  readonly columns: readonly ColumnChoice[]
  readonly tracks: string
  readonly nowMs: number
  readonly workspace: string
  readonly open: boolean
  readonly active: boolean
  readonly chosen: boolean
  readonly onToggle: () => void
  readonly onPick: (event: React.MouseEvent) => void
}) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      aria-current={open ? 'true' : undefined}
      tabIndex={-1}
      className={`${styles.row} ${open || chosen ? styles.selected : ''} ${active ? styles.active : ''}`}
      style={{ gridTemplateColumns: tracks }}
      onClick={onPick}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a pointer's way to what x does */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys */}
      <span
        className={styles.box}
        onClick={(event) => {
          event.stopPropagation()
          if (event.shiftKey) onPick(event)
          else onToggle()
        }}
      >
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <rect x="1" y="1" width="12" height="12" rx="3" className={chosen ? styles.chosenBox : styles.square} />
          {chosen && <path d="M3.5 7.2 6 9.7 10.5 4.6" className={styles.tick} />}
        </svg>
      </span>
      {columns.map(({ id: column }) => (
        <RunCell key={column} column={column} run={run} workspace={workspace} nowMs={nowMs} />
      ))}
    </div>
  )
}

/** The width of what scrolls, without its bar, in px. */
function useWidth(scroller: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    setWidth(box.clientWidth)
    const observer = new ResizeObserver(() => setWidth(box.clientWidth))
    observer.observe(box)
    return () => observer.disconnect()
  }, [scroller])
  return width
}
