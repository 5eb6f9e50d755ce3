import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useRef, useState } from 'react'

/** The rows of a long list that are on the screen, and where they stand. */
export interface VirtualRows {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** Rows to draw, each moved down by its `start` in px. */
  readonly rows: readonly VirtualItem[]
  /** The height of all rows together, in px. */
  readonly height: number
}

/** So many rows above and below those on the screen are drawn too, but not while the list moves by more rows at once. */
const [rowsBeside, flightRows] = [8, 15]
/** Of another list they are drawn after this, in ms: what is on the screen comes first. */
const besideMs = 150

/** Draws only what is on the screen of `count` rows of the same height. The row `index` is kept in sight when it changes. */
export function useVirtualRows({
  count,
  rowHeight,
  index,
  onShow,
  scroller: given,
  name = null,
}: {
  readonly count: number
  /** In px. */
  readonly rowHeight: number
  /** The row under the cursor; -1 for none. */
  readonly index: number
  /** Is told which rows are on the screen. */
  readonly onShow?: (first: number, last: number) => void
  /** What scrolls, where somebody else looks at it too. */
  readonly scroller?: RefObject<HTMLDivElement | null>
  /** Another name is another list. */
  readonly name?: string | null
}): VirtualRows {
  const own = useRef<HTMLDivElement>(null)
  const scroller = given ?? own
  const made = useRef<Virtualizer<HTMLDivElement, Element>>(null)
  const drawnAt = useRef(0)
  const offset = made.current?.scrollOffset ?? 0
  const [settled, setSettled] = useState(name)
  useEffect(() => {
    if (name === settled) return
    const timer = setTimeout(() => setSettled(name), besideMs)
    return () => clearTimeout(timer)
  }, [name, settled])
  const flies = Math.abs(offset - drawnAt.current) > flightRows * rowHeight
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: flies || name !== settled ? 0 : rowsBeside,
  })
  made.current = virtual
  drawnAt.current = offset
  const rows = virtual.getVirtualItems()
  const first = rows[0]?.index ?? 0
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    const box = scroller.current
    return box ? drawInTime(box) : undefined
  }, [scroller])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it measures again when the height was changed
  useEffect(() => virtual.measure(), [rowHeight, virtual])
  useEffect(() => onShow?.(first, last))
  useEffect(() => {
    if (index >= 0 && scroller.current) keepInSight(scroller.current, index * rowHeight, rowHeight)
  }, [index, rowHeight, scroller])
  return { scroller, rows, height: virtual.getTotalSize() }
}

/**
 * Who scrolls by script does so when the rows of a frame are drawn already, and would see none until the next: looks again
 * before the frame is shown.
 */
function drawInTime(box: HTMLDivElement): () => void {
  let seen = box.scrollTop
  let waiting: number | undefined
  const onScroll = (): void => {
    seen = box.scrollTop
    waiting ??= requestAnimationFrame(() => {
      waiting = undefined
      if (box.scrollTop !== seen) box.dispatchEvent(new Event('scroll'))
    })
  }
  // Before rows are drawn: behind that the answer would cost a layout of its own.
  const first = { capture: true, passive: true }
  box.addEventListener('scroll', onScroll, first)
  return () => {
    box.removeEventListener('scroll', onScroll, first)
    if (waiting !== undefined) cancelAnimationFrame(waiting)
  }
}

/** Scrolls no further than it must. It asks the box itself where it stands: a scroll of this very moment counts. */
function keepInSight(box: HTMLDivElement, top: number, height: number): void {
  if (top < box.scrollTop) box.scrollTop = top
  else if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight
}
