import { useState } from 'react'
import { type ColumnChoice, initialColumns, parseColumns } from './runColumns'

const name = 'columns runs'

/** The columns of the list of runs, remembered on this machine. */
export function useRunColumns(): {
  readonly columns: readonly ColumnChoice[]
  readonly setColumns: (columns: readonly ColumnChoice[]) => void
  readonly reset: () => void
} {
  const [columns, put] = useState(() => parseColumns(localStorage.getItem(name)))
  return {
    columns,
    setColumns: (next) => {
      put(next)
      localStorage.setItem(name, JSON.stringify(next))
    },
    reset: () => {
      put(initialColumns)
      localStorage.removeItem(name)
    },
  }
}
