import { type RefObject, useEffect } from 'react'
import type { WritebackPage } from '../../../shared/contract'
import { filterStates } from '../../components/writebacks/ItemFilters'
import { type DeskRoute, narrowed } from '../../state/deskRoute'
import { isPlainKey } from '../../state/keys'
import { navigate } from '../../state/route'
import { type DeskActs, onlyOne } from '../../state/useDeskActs'
import type { DeskCursor } from '../../state/useDeskCursor'
import type { WritebackSelection } from '../../state/useWritebackSelection'
import type { WritebackFilter, WritebackWindow } from '../../state/useWritebackWindow'

/** The keys of the list of writebacks. */
export function useItemsKeys({
  route,
  list,
  cursor,
  selection,
  acts,
  filter,
  page,
  search,
}: {
  readonly route: DeskRoute
  readonly list: WritebackWindow
  readonly cursor: DeskCursor
  readonly selection: WritebackSelection
  readonly acts: DeskActs
  readonly filter: WritebackFilter
  readonly page: WritebackPage
  readonly search: RefObject<HTMLInputElement | null>
}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && event.target === search.current) search.current?.blur()
      if (!isPlainKey(event)) return
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null
      const act = actOf(event, onButton)
      if (!act) return
      act()
      event.preventDefault()
    }
    const actOf = ({ key, shiftKey }: KeyboardEvent, onButton: boolean): (() => void) | null => {
      const { item, index } = cursor
      const chosen = selection.count > 0 ? selection.selection : item ? onlyOne(item) : null
      const which = selection.isChoosing ? null : chosen
      switch (key) {
        case '/':
          return () => search.current?.focus()
        case 'j':
        case ']':
        case 'ArrowDown':
          return () => cursor.moveTo(index + 1)
        case 'k':
        case '[':
        case 'ArrowUp':
          return () => cursor.moveTo(index - 1)
        case 'J':
        case 'K':
          return () => {
            const next = Math.max(0, Math.min(list.total - 1, index + (key === 'J' ? 1 : -1)))
            selection.addRange(list, { from: Math.min(index, next), to: Math.max(index, next) })
            cursor.moveTo(next)
          }
        case 'Home':
          return () => cursor.moveTo(0)
        case 'End':
          return () => cursor.moveTo(list.total - 1)
        case 'x':
          return () => item && selection.toggle(item)
        case 'a':
          return () => selection.chooseAll(filter, list.total)
        case 'r':
          return () => which && acts.retry(which)
        case 'd':
          return () => which && acts.dismiss(which)
        case 'e':
          return () => {
            if (!item || item.path === null) return
            acts.ask({ kind: item.conflictCopies.length > 0 || item.state === 'conflict' ? 'choose' : 'edit', item })
          }
        case 'Enter':
        case ' ':
          return onButton ? null : cursor.open
        case 'Escape':
          if (document.querySelector('dialog[open]') !== null) return null
          if (selection.count > 0) return selection.clear
          return route.openId === undefined ? null : cursor.close
      }
      const state = filterStates[Number(key) - 2]
      if (key === '1') return () => navigate(narrowed(route, { state: undefined }))
      if (!shiftKey && state && (page.totals[state] ?? 0) > 0) return () => navigate(narrowed(route, { state }))
      return null
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
