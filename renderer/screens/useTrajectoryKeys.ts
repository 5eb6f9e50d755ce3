import { useEffect } from 'react'
import { isKey } from '../../shared/rules/pressedKeys'
import { isPlainKey, movesWithin } from '../state/keys'
import { navigate, type Route } from '../state/route'
import type { TrajectoryWindow } from '../state/useTrajectoryWindow'

/** The keys of the list of trajectories and of the one beside it. */
export function useTrajectoryKeys({
  route,
  list,
  index,
  open,
  search,
}: {
  readonly route: Extract<Route, { screen: 'trajectories' }>
  readonly list: TrajectoryWindow
  readonly index: number
  /** Goes to a row; with `show` it is opened. */
  readonly open: (index: number, show: boolean) => void
  readonly search: React.RefObject<HTMLInputElement | null>
}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isKey(event, 'close') && event.target === search.current) search.current?.blur()
      if (!isPlainKey(event)) return
      const scrolls = event.target instanceof HTMLElement && event.target.closest('section[tabindex]') !== null
      if (scrolls && movesWithin(event) && !isKey(event, 'open')) return
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null
      const isOpen = route.trajectoryId !== null
      const close = (): void => navigate({ ...route, trajectoryId: null })
      if (isKey(event, 'search')) search.current?.focus()
      else if (isKey(event, 'next')) open(index + 1, false)
      else if (isKey(event, 'previous')) open(index - 1, false)
      else if (isKey(event, 'open') && !onButton) open(index, true)
      else if (isKey(event, 'preview') && !onButton) {
        if (list.rowAt(index)?.id === route.trajectoryId) close()
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
