import { type RefObject, useEffect } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import { focusList, leavesSearch } from './focus'
import { isPlainKey, movesWithin } from './keys'

/** The keys of a list of which one row can be open beside it. */
export function useListKeys({
  index,
  isOpen,
  isOpenAt,
  open,
  close,
  search,
  actOf = () => null,
}: {
  /** The row under the cursor. */
  readonly index: number
  readonly isOpen: boolean
  /** Is what stands in a row the open one? */
  readonly isOpenAt: (index: number) => boolean
  /** Goes to a row; with `show` it is opened. */
  readonly open: (index: number, show: boolean) => void
  readonly close: () => void
  readonly search: RefObject<HTMLInputElement | null>
  /** What a key does in this list besides. */
  readonly actOf?: (event: KeyboardEvent) => (() => void) | null
}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (leavesSearch(event, search.current) || !isPlainKey(event)) return
      const scrolls = event.target instanceof HTMLElement && event.target.closest('section[tabindex]') !== null
      if (scrolls && movesWithin(event) && !isKey(event, 'open')) return
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null
      const act = actOf(event)
      const move = (to: number): void => {
        open(to, false)
        focusList()
      }
      if (isKey(event, 'search')) search.current?.focus()
      else if (act) act()
      else if (isKey(event, 'next')) move(index + 1)
      else if (isKey(event, 'previous')) move(index - 1)
      else if (isKey(event, 'open') && !onButton) open(index, true)
      else if (isKey(event, 'preview') && !onButton) {
        if (isOpenAt(index)) close()
        else open(index, true)
      } else if (isKey(event, 'older') && isOpen) open(index + 1, true)
      else if (isKey(event, 'newer') && isOpen) open(index - 1, true)
      else if (isKey(event, 'close') && isOpen && document.querySelector('dialog[open]') === null) {
        close()
        focusList()
      } else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
