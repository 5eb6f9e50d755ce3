import { useEffect } from 'react'
import { runFilters } from '../../shared/rules/runFilters'
import type { Run } from '../../shared/runs'
import { isPlainKey } from '../state/keys'
import { navigate, type Route } from '../state/route'
import type { RunWindow } from '../state/useRunWindow'

/** The keys of the run list and of the run below it. */
export function useRunListKeys({
  route,
  list,
  index,
  setIndex,
  open,
  search,
}: {
  readonly route: Extract<Route, { screen: 'runs' }>
  readonly list: RunWindow
  readonly index: number
  readonly setIndex: (index: number) => void
  readonly open: (run: Run | undefined) => void
  readonly search: React.RefObject<HTMLInputElement | null>
}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && event.target === search.current) search.current?.blur()
      if (!isPlainKey(event)) return
      if (event.target instanceof HTMLElement && event.target.closest('[role="tree"], [role="tablist"]')) return
      if (scrolls(event)) return
      const move = (to: number): void => setIndex(Math.max(0, Math.min(list.total - 1, to)))
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a') !== null
      const preview = (run: Run | undefined): void => {
        if (run?.id === route.runId) navigate({ ...route, runId: null })
        else open(run)
      }
      const filter = runFilters[Number(event.key) - 1]
      if (event.key === '/') search.current?.focus()
      else if (filter) navigate({ ...route, filter })
      else if (event.key === 'j' || event.key === 'ArrowDown') move(index + 1)
      else if (event.key === 'k' || event.key === 'ArrowUp') move(index - 1)
      else if (event.key === 'Enter' && !onButton) open(list.rowAt(index))
      else if (event.key === ' ' && !onButton) preview(list.rowAt(index))
      else if ((event.key === ']' || event.key === '[') && route.runId !== null) {
        const next = index + (event.key === ']' ? 1 : -1)
        move(next)
        open(list.rowAt(next))
      } else if (event.key === 'Escape' && route.runId !== null && document.querySelector('dialog[open]') === null)
        navigate({ ...route, runId: null })
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}

/** Does the key scroll a view of the open run? */
function scrolls({ key, target }: KeyboardEvent): boolean {
  if (![' ', 'Enter', 'ArrowDown', 'ArrowUp'].includes(key)) return false
  return target instanceof HTMLElement && target.closest('[role="tabpanel"]') !== null
}
