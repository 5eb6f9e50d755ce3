import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RunSort } from '../../shared/runList'
import type { Run } from '../../shared/runs'
import { type ColumnChoice, fittingColumns, gridTracks } from '../state/runColumns'
import { useRowHeight } from '../state/useLook'
import { useNow } from '../state/useNow'
import type { RunSelection } from '../state/useRunSelection'
import type { RunWindow } from '../state/useRunWindow'
import { useVirtualRows } from '../state/useVirtualRows'
import rowStyles from '../styles/rows.module.css'
import { runsTexts } from '../texts/en/runs'
import { countsSeconds } from '../texts/runTimes'
import styles from './RunList.module.css'
import { RunListHead } from './runs/RunListHead'
import { RunRow } from './runs/RunRow'

/** What stands beside the columns: the box to choose by, and the margins, in px. */
const besidePx = 56

interface Rows {
  readonly openId: string | null
  readonly list: RunWindow
  /** The row under the cursor. */
  readonly index: number
  readonly selection: RunSelection
  /** What workspaces are called, by their ids. */
  readonly names: ReadonlyMap<string, string>
  readonly onMove: (index: number) => void
  readonly onOpen: (run: Run) => void
  readonly onScrolled: (isScrolled: boolean) => void
}

/** The rows of the run list that are on the screen, under the heads of its columns. */
export function RunList({
  columns,
  sort,
  onColumns,
  onSort,
  ...rows
}: Rows & {
  readonly columns: readonly ColumnChoice[]
  readonly sort: RunSort
  readonly onColumns: (columns: readonly ColumnChoice[]) => void
  readonly onSort: (sort: RunSort) => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller)
  const shown = useMemo(() => fittingColumns(columns, width - besidePx), [columns, width])
  const tracks = `20px ${gridTracks(shown)}`
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
      <RunRows {...rows} scroller={scroller} columns={shown} tracks={tracks} />
    </>
  )
}

function RunRows({
  openId,
  list,
  index,
  selection,
  names,
  onMove,
  onOpen,
  onScrolled,
  scroller,
  columns,
  tracks,
}: Rows & {
  readonly scroller: React.RefObject<HTMLDivElement | null>
  readonly columns: readonly ColumnChoice[]
  readonly tracks: string
}) {
  const rowHeight = useRowHeight()
  const { rows, height } = useVirtualRows({
    ...{ scroller, count: list.total, rowHeight, index, onShow: list.show },
    name: list.answered,
  })
  const nowMs = useNow(rows.some((row) => countsSeconds(list.rowAt(row.index))))
  const slots = useRef(0)
  slots.current = Math.max(slots.current, rows.length)
  // A row that leaves the screen lends its place in the document to one that comes: nothing else there is moved.
  const inSlots = rows.toSorted((left, right) => (left.index % slots.current) - (right.index % slots.current))
  const isTop = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its top
  useLayoutEffect(() => {
    if (scroller.current && !isTop.current) scroller.current.scrollTop = 0
  }, [list.answered])
  const onClick = (event: React.MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null
    const at = Number(row?.dataset.row)
    const run = row ? list.rowAt(at) : undefined
    if (!run) return
    onMove(at)
    const isBox = event.target instanceof Element && event.target.closest('[data-box]') !== null
    if (event.shiftKey) selection.addRange(list, { from: Math.min(index, at), to: Math.max(index, at) })
    else if (isBox || event.ctrlKey || event.metaKey) selection.toggle(run)
    else onOpen(run)
  }

  return (
    <div
      ref={scroller}
      className={styles.scroll}
      onScrollCapture={({ currentTarget: { scrollTop } }) => {
        isTop.current = scrollTop === 0
        onScrolled(scrollTop > rowHeight)
      }}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: useRunListKeys takes the keys */}
      <div
        role="listbox"
        aria-label={runsTexts.runs}
        aria-multiselectable="true"
        tabIndex={0}
        aria-activedescendant={list.rowAt(index) ? `run-row-${index}` : undefined}
        className={`${rowStyles.rows} ${styles.rows}`}
        style={{ height, '--tracks': tracks } as React.CSSProperties}
        onClick={onClick}
      >
        {inSlots.map(({ index: at, start }) => {
          const run = list.rowAt(at)
          return (
            <RunRow
              key={at % slots.current}
              index={at}
              top={start}
              run={run}
              glance={run ? undefined : list.glanceAt(at)}
              columns={columns}
              nowMs={nowMs}
              workspace={run ? (names.get(run.workspaceId) ?? '') : ''}
              open={run !== undefined && openId === run.id}
              active={index === at}
              chosen={run !== undefined && selection.count > 0 && selection.has(run)}
            />
          )
        })}
      </div>
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
