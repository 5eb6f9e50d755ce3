import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useRef } from 'react'

/** The rows of a long list that are on the screen, and where they stand. */
export interface VirtualRows {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** Rows to draw, each moved down by its `start` in px. */
  readonly rows: readonly VirtualItem[]
  /** The height of all rows together, in px. */
  readonly height: number
}

/** Draws only what is on the screen of `count` rows of the same height. The row `index` is kept in sight when it changes. */
export function useVirtualRows({
  count,
  rowHeight,
  index,
  onShow,
}: {
  readonly count: number
  /** In px. */
  readonly rowHeight: number
  /** The row under the cursor; -1 for none. */
  readonly index: number
  /** Is told which rows are on the screen. */
  readonly onShow?: (first: number, last: number) => void
}): VirtualRows {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const rows = virtual.getVirtualItems()
  const first = rows[0]?.index ?? 0
  const last = rows.at(-1)?.index ?? 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: it measures again when the height was changed
  useEffect(() => virtual.measure(), [rowHeight, virtual])
  useEffect(() => onShow?.(first, last))
  useEffect(() => {
    if (index >= 0 && scroller.current) keepInSight(scroller.current, index * rowHeight, rowHeight)
  }, [index, rowHeight])
  return { scroller, rows, height: virtual.getTotalSize() }
}

/** Scrolls no further than it must. It asks the box itself where it stands: a scroll of this very moment counts. */
function keepInSight(box: HTMLDivElement, top: number, height: number): void {
  if (top < box.scrollTop) box.scrollTop = top
  else if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight
}
