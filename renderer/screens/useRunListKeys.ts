import { useEffect } from 'react'
import { isKey, keyIdOf, keyStep } from '../../shared/rules/pressedKeys'
import { runFilters } from '../../shared/rules/runFilters'
import type { Run } from '../../shared/runs'
import { useReadOnly } from '../state/appInfo'
import { focusList, leavesSearch } from '../state/focus'
import { isPlainKey, movesWithin } from '../state/keys'
import { navigate, type RunsRoute } from '../state/route'
import type { RunSelection } from '../state/useRunSelection'
import type { RunWindow } from '../state/useRunWindow'

/** The keys of the run list and of the run below it. */
export function useRunListKeys({
  route,
  list,
  index,
  setIndex,
  open,
  search,
  selection,
  onCancel,
}: {
  readonly route: RunsRoute
  readonly list: RunWindow
  readonly index: number
  readonly setIndex: (index: number) => void
  readonly open: (run: Run | undefined) => void
  readonly search: React.RefObject<HTMLInputElement | null>
  readonly selection: RunSelection
  /** Asks to cancel the chosen runs. */
  readonly onCancel: () => void
}): void {
  const readOnly = useReadOnly()
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (leavesSearch(event, search.current) || !isPlainKey(event)) return
      if (event.target instanceof HTMLElement && event.target.closest('[role="tree"], [role="tablist"]')) return
      if (scrolls(event)) return
      const act = actOf(event)
      if (!act) return
      act()
      event.preventDefault()
    }
    const actOf = (event: KeyboardEvent): (() => void) | null => {
      const line = keyIdOf(event, ['Lists'])
      const within = (to: number): number => Math.max(0, Math.min(list.total - 1, to))
      const move = (to: number) => () => {
        setIndex(within(to))
        focusList()
      }
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null
      const run = list.rowAt(index)
      const filter = runFilters[Number(event.key) - 1]
      if (filter) return () => navigate({ ...route, filter })
      if (line === 'search') return () => search.current?.focus()
      if (route.group) return null
      switch (line) {
        case 'next':
          return move(index + 1)
        case 'previous':
          return move(index - 1)
        case 'first':
          return move(0)
        case 'last':
          return move(list.total - 1)
        case 'select-below':
        case 'select-above':
          return () => {
            const next = within(index + keyStep(event, { back: 'select-above', on: 'select-below' }))
            selection.addRange(list, { from: Math.min(index, next), to: Math.max(index, next) })
            setIndex(next)
            focusList()
          }
        case 'select':
          return () => run && selection.toggle(run)
        case 'select-all':
          return () => selection.chooseAll(list)
        case 'open':
          return onButton ? null : () => open(run)
        case 'preview':
          return onButton ? null : () => (run?.id === route.runId ? navigate({ ...route, runId: null }) : open(run))
        case 'older':
        case 'newer':
          return route.runId === null
            ? null
            : () => {
                const next = within(index + keyStep(event, { back: 'newer', on: 'older' }))
                setIndex(next)
                open(list.rowAt(next))
              }
        case 'close':
          if (document.querySelector('dialog[open]') !== null) return null
          if (selection.count > 0) return selection.clear
          if (route.runId === null) return null
          return () => {
            navigate({ ...route, runId: null })
            focusList()
          }
      }
      return null
    }
    // While runs are chosen the key is about them, not about the run that is open.
    const onChosen = (event: KeyboardEvent): void => {
      if (!isKey(event, 'cancel') || selection.count === 0 || selection.isChoosing || !isPlainKey(event)) return
      event.stopImmediatePropagation()
      event.preventDefault()
      if (readOnly === null) onCancel()
    }
    window.addEventListener('keydown', onChosen, true)
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('keydown', onChosen, true)
      window.removeEventListener('keydown', onKey)
    }
  })
}

/** Does the key scroll a view of the open run? */
function scrolls(event: KeyboardEvent): boolean {
  const { target } = event
  return movesWithin(event) && target instanceof HTMLElement && target.closest('[role="tabpanel"]') !== null
}
