import { type RefObject, useEffect } from 'react'
import type { WritebackPage } from '../../../shared/contract'
import { keyIdOf, keyStep } from '../../../shared/rules/pressedKeys'
import { filterStates } from '../../components/writebacks/ItemFilters'
import { type DeskRoute, narrowed } from '../../state/deskRoute'
import { focusList, leavesSearch } from '../../state/focus'
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
      if (leavesSearch(event, search.current) || !isPlainKey(event)) return
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null
      const act = actOf(event, onButton)
      if (!act) return
      act()
      event.preventDefault()
    }
    const actOf = (event: KeyboardEvent, onButton: boolean): (() => void) | null => {
      const { key, shiftKey } = event
      const { item, index } = cursor
      const chosen = selection.count > 0 ? selection.selection : item ? onlyOne(item) : null
      const which = selection.isChoosing ? null : chosen
      const move = (to: number): void => {
        cursor.moveTo(to)
        focusList()
      }
      switch (keyIdOf(event, ['Lists', 'Writebacks'])) {
        case 'search':
          return () => search.current?.focus()
        case 'next':
          return () => move(index + 1)
        case 'previous':
          return () => move(index - 1)
        case 'older':
          return () => cursor.moveTo(index + 1)
        case 'newer':
          return () => cursor.moveTo(index - 1)
        case 'select-below':
        case 'select-above':
          return () => {
            const step = keyStep(event, { back: 'select-above', on: 'select-below' })
            const next = Math.max(0, Math.min(list.total - 1, index + step))
            selection.addRange(list, { from: Math.min(index, next), to: Math.max(index, next) })
            move(next)
          }
        case 'first':
          return () => move(0)
        case 'last':
          return () => move(list.total - 1)
        case 'select':
          return () => item && selection.toggle(item)
        case 'select-all':
          return () => selection.chooseAll(filter, list.total)
        case 'retry':
          return () => which && acts.retry(which)
        case 'dismiss':
          return () => which && acts.dismiss(which)
        case 'edit':
          return () => {
            if (!item || item.path === null) return
            acts.ask({ kind: item.conflictCopies.length > 0 || item.state === 'conflict' ? 'choose' : 'edit', item })
          }
        case 'open':
        case 'preview':
          return onButton ? null : cursor.open
        case 'close':
          if (document.querySelector('dialog[open]') !== null) return null
          if (selection.count > 0) return selection.clear
          return route.openId === undefined ? null : cursor.close
      }
      const place = Number(key)
      const state = filterStates[place - 2]
      if (place === 1) return () => navigate(narrowed(route, { state: undefined }))
      if (!shiftKey && state && (page.totals[state] ?? 0) > 0) return () => navigate(narrowed(route, { state }))
      return null
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
