import { type RefObject, useEffect } from 'react'
import { isKey } from '../../../shared/rules/pressedKeys'
import type { Source } from '../../../shared/sources'
import { isPlainKey, movesWithin } from '../../state/keys'
import { navigate } from '../../state/route'
import { type SourceRoute, withoutRun } from '../../state/sourceRoute'

/** The keys of the list of remote runs and of the open one. */
export function useSourceKeys({
  route,
  views,
  index,
  open,
  isOpenAt,
  search,
}: {
  readonly route: SourceRoute
  /** Those that the source knows, in the order of their digits. */
  readonly views: Source['views']
  readonly index: number
  /** Goes to a row; with `show` its run is opened. */
  readonly open: (index: number, show: boolean) => void
  /** Is the run of a row the open one? */
  readonly isOpenAt: (index: number) => boolean
  readonly search: RefObject<HTMLInputElement | null>
}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isKey(event, 'close') && event.target === search.current) search.current?.blur()
      if (!isPlainKey(event)) return
      const scrolls = event.target instanceof HTMLElement && event.target.closest('section[tabindex]') !== null
      if (scrolls && movesWithin(event) && !isKey(event, 'open')) return
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null
      const isOpen = route.runId !== null
      const close = (): void => navigate(withoutRun(route))
      const view = /^[1-9]$/.test(event.key) ? views[Number(event.key) - 1] : undefined
      if (isKey(event, 'search')) search.current?.focus()
      else if (view) navigate({ ...route, view })
      else if (isKey(event, 'next')) open(index + 1, false)
      else if (isKey(event, 'previous')) open(index - 1, false)
      else if (isKey(event, 'first')) open(0, false)
      else if (isKey(event, 'last')) open(Number.POSITIVE_INFINITY, false)
      else if (isKey(event, 'open') && !onButton) open(index, true)
      else if (isKey(event, 'preview') && !onButton) {
        if (isOpenAt(index)) close()
        else open(index, true)
      } else if (isKey(event, 'older') && isOpen) open(index + 1, true)
      else if (isKey(event, 'newer') && isOpen) open(index - 1, true)
      else if (isKey(event, 'close') && isOpen && document.querySelector('dialog[open]') === null) close()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
