import { settledStates, type WritebackItem } from '../../shared/writebacks'
import { useNow } from '../state/useNow'
import { useVirtualRows } from '../state/useVirtualRows'
import type { WritebackWindow } from '../state/useWritebackWindow'
import controls from '../styles/controls.module.css'
import { ago, fullTime } from '../texts/times'
import { writebackWords } from '../texts/words'
import { StatusMark } from './StatusMark'
import styles from './WritebackList.module.css'

/** The writebacks that are on the screen. */
export function WritebackList({
  list,
  chosen,
  index,
  setIndex,
  toggle,
  choose,
}: {
  readonly list: WritebackWindow
  readonly chosen: ReadonlyMap<string, WritebackItem>
  readonly index: number
  readonly setIndex: (index: number) => void
  readonly toggle: (item: WritebackItem) => void
  readonly choose: (items: readonly WritebackItem[]) => void
}) {
  const nowMs = useNow()
  const { scroller, rows, height } = useVirtualRows({ count: list.total, rowHeight: 32, index, onShow: list.show })
  return (
    <div ref={scroller} className={styles.items}>
      <div role="listbox" aria-label="Writebacks" aria-multiselectable="true" style={{ height, position: 'relative' }}>
        {rows.map(({ index: at, start }) => {
          const item = list.rowAt(at)
          if (!item) return null
          const word = writebackWords[item.state]
          const pick = (event: React.MouseEvent): void => {
            if (event.shiftKey) {
              const [from, to] = [Math.min(index, at), Math.max(index, at)]
              const rows = Array.from({ length: to - from + 1 }, (_, offset) => list.rowAt(from + offset))
              choose(rows.filter((row) => row !== undefined))
            }
            setIndex(at)
          }
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the desk takes the keys
            <div
              key={item.key}
              role="option"
              aria-selected={at === index}
              tabIndex={-1}
              className={`${styles.item} ${at === index ? styles.active : ''}`}
              style={{ transform: `translateY(${start}px)` }}
              onClick={pick}
            >
              <input
                type="checkbox"
                aria-label={`Select ${item.path ?? 'unreadable record'}`}
                checked={chosen.has(item.key)}
                disabled={settledStates.includes(item.state) && item.records.length === 0}
                onChange={() => toggle(item)}
              />
              <StatusMark status={word} />
              <span className={`mono ${controls.ellipsis}`} title={item.path ?? ''}>
                {item.path ?? item.records[0]?.file}
              </span>
              <span className={controls.secondary}>{item.lastStatus ?? ''}</span>
              <span className={controls.secondary} title={fullTime(item.lastFailedAt)}>
                {item.lastFailedAt ? ago(item.lastFailedAt, nowMs) : ''}
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
