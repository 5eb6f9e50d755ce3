import { useEffect, useState } from 'react'
import type { WritebackItem } from '../../shared/writebacks'
import type { DeskRoute } from './deskRoute'
import { navigate } from './route'
import type { WritebackWindow } from './useWritebackWindow'

/** The row that keys and detail are about. It stays with its item when rows come and go. */
export interface DeskCursor {
  readonly index: number
  /** The key of the item; undefined where there is none. */
  readonly key: string | undefined
  /** As the list has it; undefined while it is not among the rows that are held. */
  readonly item: WritebackItem | undefined
  readonly moveTo: (index: number) => void
  /** Moves there and opens it: what a click does. */
  readonly pick: (index: number) => void
  /** Puts the item into the address: a narrow window then shows it instead of the list. */
  readonly open: () => void
  readonly close: () => void
}

export function useDeskCursor(route: DeskRoute, list: WritebackWindow): DeskCursor {
  const [index, setIndex] = useState(0)
  const [heldKey, setHeldKey] = useState<string | undefined>(route.openId)
  const place = heldKey === undefined ? null : list.placeOf(({ key }) => key === heldKey)
  const at = place ?? Math.max(0, Math.min(index, list.total - 1))
  const item = heldKey === undefined || place !== null ? list.rowAt(at) : undefined
  useEffect(() => {
    if (place !== null) setIndex(place)
  }, [place])
  const asked = JSON.stringify(route.ask ?? {})
  const [askedBefore, setAskedBefore] = useState(asked)
  if (asked !== askedBefore) {
    // Another list begins at its first row.
    setAskedBefore(asked)
    setIndex(0)
    setHeldKey(route.openId)
  }
  const key = heldKey ?? item?.key
  const { openId: _, ...closed } = route
  return {
    index: at,
    key,
    item,
    moveTo: (to) => {
      const next = Math.max(0, Math.min(list.total - 1, to))
      const row = list.rowAt(next)
      setIndex(next)
      setHeldKey(row?.key)
      if (route.openId !== undefined && row) navigate({ ...closed, openId: row.key }, { replace: true })
    },
    pick: (to) => {
      const row = list.rowAt(to)
      setIndex(to)
      setHeldKey(row?.key)
      if (row) navigate({ ...closed, openId: row.key }, { replace: route.openId !== undefined })
    },
    open: () => {
      if (key !== undefined) navigate({ ...closed, openId: key })
    },
    close: () => navigate(closed),
  }
}
