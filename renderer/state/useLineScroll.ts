import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { type LineWindow, lineWindow, scrollTopOf } from './lineWindow'

/** The part of very many lines of one height that is on the screen. */
export interface LineScroll extends LineWindow {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly onScroll: () => void
  /** Brings a row into the middle, or the end into sight when there is no such row. */
  readonly scrollTo: (row: number) => void
}

/** Scrolls through any number of lines. Beyond what a page can be high, the scroll bar moves by more than it shows. */
export function useLineScroll({
  count,
  rowHeight,
}: {
  readonly count: number
  /** In px. */
  readonly rowHeight: number
}): LineScroll {
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ scrollTop: 0, height: 0 })
  const shown = lineWindow({ count, rowHeight, ...view })

  const look = (): void => {
    const element = scroller.current
    if (!element) return
    const { scrollTop, clientHeight } = element
    setView((known) =>
      known.scrollTop === scrollTop && known.height === clientHeight ? known : { scrollTop, height: clientHeight },
    )
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element stays the same
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(look)
    observer.observe(element)
    look()
    return () => observer.disconnect()
  }, [])

  return {
    scroller,
    ...shown,
    onScroll: look,
    scrollTo: (row) => {
      const element = scroller.current
      if (!element) return
      element.scrollTop = scrollTopOf(row, { count, rowHeight, height: element.clientHeight })
      look()
    },
  }
}
