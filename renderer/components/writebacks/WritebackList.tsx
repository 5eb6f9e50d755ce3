import { useLayoutEffect, useRef } from 'react'
import type { WritebackItem } from '../../../shared/writebacks'
import { useRowHeight } from '../../state/useLook'
import { useNow } from '../../state/useNow'
import { useScrollbarWidth } from '../../state/useScrollbarWidth'
import { useVirtualRows } from '../../state/useVirtualRows'
import type { WritebackSelection } from '../../state/useWritebackSelection'
import type { WritebackWindow } from '../../state/useWritebackWindow'
import controls from '../../styles/controls.module.css'
import rowStyles from '../../styles/rows.module.css'
import { writebacksTexts } from '../../texts/en/writebacks'
import { ago, fullTime } from '../../texts/times'
import { writebackWords } from '../../texts/words'
import { type HeadWord, ListHead } from '../ListHead'
import { RowCheck } from '../RowCheck'
import { StatusMark } from '../StatusMark'
import styles from './WritebackList.module.css'

const headWords: readonly HeadWord[] = [
  [''],
  [writebacksTexts.state],
  [writebacksTexts.path],
  [writebacksTexts.whatFailed, styles.message],
  [writebacksTexts.attemptsWord, styles.attempts],
  [writebacksTexts.lastFailed, styles.time],
]

/** The writebacks that are on the screen. Rows that come or go above do not move the one under the pointer. */
export function WritebackList({
  list,
  selection,
  index,
  onMove,
  onRange,
}: {
  readonly list: WritebackWindow
  readonly selection: WritebackSelection
  /** The row under the cursor. */
  readonly index: number
  readonly onMove: (index: number) => void
  readonly onRange: (from: number, to: number) => void
}) {
  const nowMs = useNow()
  const rowHeight = useRowHeight()
  const { scroller, rows, height } = useVirtualRows({ count: list.total, rowHeight, index, onShow: list.show })
  const barPx = useScrollbarWidth(scroller, '')
  const hold = useAnchor(list, scroller, { index, holds: selection.count > 0 })
  return (
    <>
      <ListHead grid={styles.grid} barPx={barPx} words={headWords} />
      <div ref={scroller} className={styles.items} {...hold}>
        <div
          role="listbox"
          aria-label={writebacksTexts.writebacks}
          aria-multiselectable="true"
          aria-activedescendant={list.rowAt(index) ? `writeback-row-${index}` : undefined}
          tabIndex={0}
          className={`${rowStyles.rows} ${styles.rows}`}
          style={{ height }}
        >
          {rows.map(({ index: at, start }) => {
            const item = list.rowAt(at)
            if (!item) return null
            return (
              <ItemRow
                key={item.key}
                item={item}
                id={`writeback-row-${at}`}
                start={start}
                nowMs={nowMs}
                active={at === index}
                chosen={selection.has(item.key)}
                onToggle={() => selection.toggle(item)}
                onPick={(event) => {
                  if (event.shiftKey) onRange(Math.min(index, at), Math.max(index, at))
                  else if (event.ctrlKey || event.metaKey) selection.toggle(item)
                  onMove(at)
                }}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}

function ItemRow({
  item,
  id,
  start,
  nowMs,
  active,
  chosen,
  onToggle,
  onPick,
}: {
  readonly item: WritebackItem
  readonly id: string
  readonly start: number
  readonly nowMs: number
  readonly active: boolean
  readonly chosen: boolean
  readonly onToggle: () => void
  readonly onPick: (event: React.MouseEvent) => void
}) {
  const name = item.path ?? item.records[0]?.file ?? writebacksTexts.aRecordWithoutAPath
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the desk takes the keys
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      className={`${rowStyles.row} ${styles.item} ${styles.grid} ${chosen ? rowStyles.selected : ''} ${active ? rowStyles.active : ''}`}
      style={{ transform: `translateY(${start}px)` }}
      onClick={onPick}
    >
      <RowCheck
        chosen={chosen}
        onClick={(event) => {
          event.stopPropagation()
          if (event.shiftKey) onPick(event)
          else onToggle()
        }}
      />
      <StatusMark status={writebackWords[item.state]} />
      <span className={`mono ${controls.ellipsis}`} title={name}>
        {name}
      </span>
      <span className={`${controls.ellipsis} ${styles.message}`} title={item.message ?? ''}>
        {item.lastStatus !== null && <span className={styles.status}>{item.lastStatus}</span>} {item.message}
      </span>
      <span className={styles.attempts} title={writebacksTexts.attempts(item.attempts)}>
        {item.attempts > 1 && `×${item.attempts}`}
      </span>
      <span className={styles.time} title={fullTime(item.lastFailedAt)}>
        {item.lastFailedAt ? ago(item.lastFailedAt, nowMs) : ''}
      </span>
    </div>
  )
}

/**
 * Keeps a row where it is when rows come or go above it: the one under the pointer, else the first on the screen. A list
 * at its top that nobody touches flows.
 */
function useAnchor(
  list: WritebackWindow,
  scroller: React.RefObject<HTMLDivElement | null>,
  { index, holds }: { readonly index: number; readonly holds: boolean },
) {
  const rowHeight = useRowHeight()
  const pointerY = useRef<number | null>(null)
  const anchor = useRef<{ readonly key: string; readonly at: number } | null>(null)
  const look = (): void => {
    const box = scroller.current
    if (!box) return
    const free = pointerY.current === null && box.scrollTop === 0 && !holds && index === 0
    const at = Math.floor((box.scrollTop + (pointerY.current ?? rowHeight - 1)) / rowHeight)
    const row = free ? undefined : list.rowAt(at)
    anchor.current = row ? { key: row.key, at } : null
  }
  useLayoutEffect(() => {
    const held = anchor.current
    const now = held === null ? null : list.placeOf(({ key }) => key === held.key)
    if (held && now !== null && now !== held.at) scroller.current?.scrollBy(0, (now - held.at) * rowHeight)
    look()
  })
  return {
    onScroll: look,
    onPointerMove: (event: React.PointerEvent) => {
      pointerY.current = event.clientY - event.currentTarget.getBoundingClientRect().top
      look()
    },
    onPointerLeave: () => {
      pointerY.current = null
      look()
    },
  }
}
