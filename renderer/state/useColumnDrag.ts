import { useEffect, useRef, useState } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import type { ColumnId, ColumnPlace } from './runColumns'

/** A pointer that moves less, in px, presses the head of a column and drags nothing. */
const leastDrag = 6

/** What the head of a column does with a pointer. */
interface HeadHandlers {
  readonly onPointerDown: (event: React.PointerEvent<HTMLElement>) => void
  readonly onPointerMove: (event: React.PointerEvent<HTMLElement>) => void
  readonly onPointerUp: () => void
  readonly onPointerCancel: () => void
}

/** The column that is dragged, and where it would go. */
export interface ColumnDrag {
  readonly id: ColumnId
  readonly place: ColumnPlace
}

/**
 * Lets a pointer drag the heads of columns, which carry `data-column`, to another place. Esc gives up. The click at the
 * end of a drag is none: `isClick` tells so, once.
 */
export function useColumnDrag(onDrop: (drag: ColumnDrag) => void): {
  readonly drag: ColumnDrag | null
  readonly handlersOf: (id: ColumnId) => HeadHandlers
  readonly isClick: () => boolean
} {
  const [drag, setDrag] = useState<ColumnDrag | null>(null)
  const begun = useRef<{ readonly id: ColumnId; readonly x: number } | null>(null)
  const dragged = useRef(false)
  const isDragging = drag !== null
  const stop = (): void => {
    begun.current = null
    setDrag(null)
  }
  useEffect(() => {
    if (!isDragging) return
    const onKey = (event: KeyboardEvent): void => {
      if (!isKey(event, 'close')) return
      event.stopImmediatePropagation()
      begun.current = null
      setDrag(null)
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [isDragging])
  return {
    drag,
    isClick: () => {
      const click = !dragged.current
      dragged.current = false
      return click
    },
    handlersOf: (id) => ({
      onPointerDown: (event) => {
        dragged.current = false
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        begun.current = { id, x: event.clientX }
      },
      onPointerMove: (event) => {
        const { current } = begun
        if (!current || (!dragged.current && Math.abs(event.clientX - current.x) < leastDrag)) return
        dragged.current = true
        const place = placeAt(event.currentTarget, event.clientX)
        if (place) setDrag({ id: current.id, place })
      },
      onPointerUp: () => {
        if (drag && begun.current) onDrop(drag)
        stop()
      },
      onPointerCancel: stop,
    }),
  }
}

/** Before the first head whose middle is to the right of the pointer, else after the last. */
function placeAt(head: HTMLElement, x: number): ColumnPlace | null {
  const heads = [...(head.closest('[role="toolbar"]')?.querySelectorAll<HTMLElement>('[data-column]') ?? [])]
  const next = heads.find((one) => {
    const { left, width } = one.getBoundingClientRect()
    return x < left + width / 2
  })
  const beside = (next ?? heads.at(-1))?.dataset.column
  return beside === undefined ? null : { beside, after: next === undefined }
}
