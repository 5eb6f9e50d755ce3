import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** Browsers end an element's height near 33,500,000 px. */
const mostHeight = 30_000_000
const overscan = 10

/** The part of very many lines of one height that is on the screen. */
export interface LineScroll {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** The first and the last row to draw, from 0; `last` is below `first` when there is none. */
  readonly first: number
  readonly last: number
  /** Where the first drawn row stands, and the height of everything, in px. */
  readonly top: number
  readonly height: number
  /** Does the last line show? */
  readonly atEnd: boolean
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
  const whole = count * rowHeight
  const height = Math.min(whole, mostHeight)
  const span = Math.max(1, height - view.height)
  const ratio = whole <= mostHeight ? 1 : (whole - view.height) / span
  const place = view.scrollTop * ratio
  const first = Math.max(0, Math.floor(place / rowHeight) - overscan)
  const last = Math.min(count - 1, Math.ceil((place + view.height) / rowHeight) + overscan)

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
    first,
    last,
    top: view.scrollTop - (place - first * rowHeight),
    height,
    atEnd: place + view.height >= whole - rowHeight,
    onScroll: look,
    scrollTo: (row) => {
      const element = scroller.current
      if (!element) return
      const wanted = Math.max(0, row * rowHeight - (element.clientHeight - rowHeight) / 2)
      element.scrollTop = row >= count - 1 ? height : wanted / ratio
      look()
    },
  }
}
