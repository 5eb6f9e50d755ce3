import { type RefObject, useLayoutEffect, useState } from 'react'

/**
 * How much room the bar of what scrolls takes at its side, in px: 0 while everything fits, and where bars lie over the
 * content. With another `name` another element scrolls.
 */
export function useScrollbarWidth(scroller: RefObject<HTMLElement | null>, name: string): number {
  const [width, setWidth] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the name tells of another element
  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    const observer = new ResizeObserver(() => setWidth(box.offsetWidth - box.clientWidth))
    observer.observe(box)
    return () => observer.disconnect()
  }, [scroller, name])
  return width
}
