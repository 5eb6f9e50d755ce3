import type { ReactNode } from 'react'
import type { PagedWindow } from '../../state/usePagedWindow'
import { useVirtualRows } from '../../state/useVirtualRows'
import { LoadFailure, LoadingRows } from '../ListStates'
import styles from './PagedRows.module.css'

/** Rows of a list of any length, of which those on the screen are drawn; with what is said while there are none. */
export function PagedRows<Row, Page>({
  label,
  list,
  rowHeight = 32,
  empty,
  draw,
}: {
  readonly label: string
  readonly list: PagedWindow<Row, Page>
  /** In px. */
  readonly rowHeight?: number
  /** What is shown when there is nothing. */
  readonly empty: ReactNode
  readonly draw: (row: Row, index: number) => ReactNode
}) {
  const { scroller, rows, height } = useVirtualRows({ count: list.total, rowHeight, index: -1, onShow: list.show })
  if (list.failure && list.page === null) return <LoadFailure failure={list.failure} onRetry={list.retry} />
  if (list.page === null) return <LoadingRows />
  if (list.total === 0) return empty
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section ref={scroller} className={styles.scroll} tabIndex={0} aria-label={label}>
      <ul className={styles.rows} style={{ height }}>
        {rows.map(({ index, start }) => {
          const row = list.rowAt(index)
          return (
            <li
              key={index}
              className={styles.row}
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              aria-setsize={list.total}
              aria-posinset={index + 1}
            >
              {row && draw(row, index)}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
