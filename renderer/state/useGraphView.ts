import { useReactFlow } from '@xyflow/react'
import { type RefObject, useEffect, useRef } from 'react'
import type { GraphView } from './graphView'

/** The view of a graph that keeps itself until a person moves it. */
export interface FittedView {
  /** To be called once the graph can be moved. */
  readonly start: () => void
  /** Leaves the view as it is from now on. */
  readonly leave: () => void
}

/** Shows what `viewOf` gives for the size of the graph's place, now and whenever that changes. */
export function useFit(
  box: RefObject<HTMLDivElement | null>,
  viewOf: (size: { readonly width: number; readonly height: number }) => GraphView,
): FittedView {
  const flow = useReactFlow()
  const fitted = useRef(true)
  const newest = useRef(viewOf)
  newest.current = viewOf
  const look = useRef(() => {
    const size = box.current?.getBoundingClientRect()
    if (size && fitted.current) void flow.setViewport(newest.current(size))
  })
  useEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(() => look.current())
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return {
    start: () => look.current(),
    leave: () => {
      fitted.current = false
    },
  }
}

/** Puts the focus on the box that the keys went to, once it is drawn. */
export function useFocus(box: RefObject<HTMLDivElement | null>, activeId: string | null): void {
  useEffect(() => {
    if (activeId === null) return
    const frame = requestAnimationFrame(() => {
      const button = [...(box.current?.querySelectorAll<HTMLElement>('[data-act]') ?? [])].find(
        (one) => one.getAttribute('data-act') === activeId,
      )
      button?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [box, activeId])
}
