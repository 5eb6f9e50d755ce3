import { useRef } from 'react'
import { flushSync } from 'react-dom'
import { isKey, keyStep } from '../../../shared/rules/pressedKeys'
import type { RunSort } from '../../../shared/runList'
import {
  type ColumnChoice,
  changedColumn,
  columnFacts,
  leastWidth,
  mostWidth,
  placedColumn,
  widthStep,
} from '../../state/runColumns'
import { useColumnDrag } from '../../state/useColumnDrag'
import controls from '../../styles/controls.module.css'
import { runsTexts } from '../../texts/en/runs'
import styles from './RunListHead.module.css'

/**
 * The heads of the columns: a press sorts, a drag puts one elsewhere, the edge sizes. Arrow keys go from one to the next,
 * with Shift they size, and with Ctrl and Shift they move.
 */
export function RunListHead({
  columns,
  shown,
  tracks,
  width,
  sort,
  onColumns,
  onSort,
}: {
  readonly columns: readonly ColumnChoice[]
  /** Those for which there is room. */
  readonly shown: readonly ColumnChoice[]
  readonly tracks: string
  /** That of the rows, in px. */
  readonly width: number
  readonly sort: RunSort
  readonly onColumns: (columns: readonly ColumnChoice[]) => void
  readonly onSort: (sort: RunSort) => void
}) {
  const size = (id: ColumnChoice['id'], px: number): void =>
    onColumns(changedColumn(columns, id, { width: Math.round(Math.max(leastWidth, Math.min(mostWidth, px))) }))
  const bar = useRef<HTMLDivElement>(null)
  const { drag, handlersOf, isClick } = useColumnDrag(({ id, place }) => onColumns(placedColumn(columns, id, place)))
  /** Moves a column by keys; its head keeps the focus, which goes when the page moves it. */
  const moveBy = (place: number, step: number): void => {
    const [column, other] = [shown[place], shown[place + step]]
    if (!column || !other) return
    flushSync(() => onColumns(placedColumn(columns, column.id, { beside: other.id, after: step > 0 })))
    bar.current?.querySelector<HTMLElement>(`[data-column="${column.id}"] button`)?.focus()
  }
  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label={runsTexts.columns}
      className={styles.head}
      style={{ gridTemplateColumns: tracks, width: width || undefined }}
      onKeyDown={moveFocus}
    >
      <span />
      {shown.map(({ id }, place) => {
        const { word, sort: by } = columnFacts[id]
        const sorted = by !== null && sort.by === by
        return (
          <div
            key={id}
            className={styles.cell}
            data-column={id}
            data-dragged={drag?.id === id || undefined}
            data-drop={drag?.place.beside === id ? (drag.place.after ? 'after' : 'before') : undefined}
          >
            <button
              type="button"
              className={`${styles.button} ${controls.ellipsis}`}
              tabIndex={place === 0 ? 0 : -1}
              aria-disabled={by === null}
              aria-label={
                sorted ? runsTexts.sorted(word, sort.ascending ? runsTexts.upwards : runsTexts.downwards) : word
              }
              title={runsTexts.shiftAndOrSize(by === null ? word : runsTexts.sortBy(word.toLowerCase()))}
              onClick={() => isClick() && by !== null && onSort(nextSort(sort, by))}
              {...handlersOf(id)}
              onKeyDown={(event) => {
                const side = keyStep(event, { back: 'column-forward', on: 'column-back' })
                if (side !== 0) {
                  event.stopPropagation()
                  event.preventDefault()
                  return moveBy(place, side)
                }
                const step = keyStep(event, { back: 'column-narrower', on: 'column-wider' })
                const box = event.currentTarget.parentElement?.getBoundingClientRect()
                if (step === 0 || !box) return
                event.stopPropagation()
                event.preventDefault()
                size(id, box.width + step * widthStep)
              }}
            >
              {word}
              {sorted && <span aria-hidden="true"> {sort.ascending ? '↑' : '↓'}</span>}
            </button>
            <span
              className={styles.edge}
              aria-hidden="true"
              onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
              onPointerMove={(event) => {
                const box = event.currentTarget.parentElement?.getBoundingClientRect()
                if (box && event.currentTarget.hasPointerCapture(event.pointerId)) size(id, event.clientX - box.left)
              }}
              onDoubleClick={() => onColumns(changedColumn(columns, id, { width: null }))}
            />
          </div>
        )
      })}
    </div>
  )
}

/** A press on another column sorts by it, its most telling end first; the next turns it round, the third is newest first again. */
function nextSort(sort: RunSort, by: RunSort['by']): RunSort {
  const first = by === 'workflow' || by === 'status'
  if (sort.by !== by) return { by, ascending: first }
  if (sort.ascending === first) return { by, ascending: !first }
  return { by: 'started', ascending: false }
}

function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = keyStep(event, { back: 'column-previous', on: 'column-next' })
  if (isKey(event, 'open') || isKey(event, 'preview')) event.stopPropagation()
  if (step === 0) return
  const buttons: readonly HTMLElement[] = [...event.currentTarget.querySelectorAll('button')]
  const at = event.target instanceof HTMLElement ? buttons.indexOf(event.target) : -1
  event.preventDefault()
  event.stopPropagation()
  buttons[(at + step + buttons.length) % buttons.length]?.focus()
}
