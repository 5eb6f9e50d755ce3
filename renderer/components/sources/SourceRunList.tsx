import { useRowHeight } from '../../state/useLook'
import { useNow } from '../../state/useNow'
import { useScrollbarWidth } from '../../state/useScrollbarWidth'
import type { SourceRunList as List } from '../../state/useSourceRuns'
import { useVirtualRows } from '../../state/useVirtualRows'
import rowStyles from '../../styles/rows.module.css'
import { columnsTexts } from '../../texts/en/columns'
import { sourcesTexts } from '../../texts/en/sources'
import { type HeadWord, ListHead } from '../ListHead'
import styles from './SourceRunList.module.css'
import { SourceRunRow } from './SourceRunRow'

const headWords: readonly HeadWord[] = [
  [''],
  [columnsTexts.workflow],
  [columnsTexts.id],
  [columnsTexts.whatHappened],
  [sourcesTexts.queue, styles.queue],
  [sourcesTexts.version, styles.version],
  [sourcesTexts.created],
  [columnsTexts.duration, styles.took],
]

/** The remote runs that are on the screen. */
export function SourceRunList({
  name,
  list,
  question,
  openId,
  index,
  onOpen,
  onScrolled,
}: {
  /** Of the source. */
  readonly name: string
  readonly list: List
  /** Another one is another list. */
  readonly question: string
  readonly openId: string | null
  /** The row under the cursor. */
  readonly index: number
  readonly onOpen: (index: number) => void
  readonly onScrolled: (isScrolled: boolean) => void
}) {
  const rowHeight = useRowHeight()
  const nowMs = useNow()
  const { scroller, rows, height } = useVirtualRows({
    ...{ count: list.count, rowHeight, index, onShow: list.show },
    name: question,
  })
  const barPx = useScrollbarWidth(scroller, question)
  const onClick = (event: React.MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null
    if (row) onOpen(Number(row.dataset.row))
  }
  return (
    <>
      <ListHead grid={styles.grid} barPx={barPx} words={headWords} />
      <div
        ref={scroller}
        className={styles.scroll}
        onScroll={({ currentTarget: { scrollTop } }) => onScrolled(scrollTop > rowHeight)}
      >
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: useListKeys takes the keys */}
        <div
          role="listbox"
          aria-label={sourcesTexts.runsOf(name)}
          tabIndex={0}
          aria-activedescendant={list.rowAt(index) ? `source-run-${index}` : undefined}
          className={`${rowStyles.rows} ${styles.rows}`}
          style={{ height }}
          onClick={onClick}
        >
          {rows.map(({ index: at, start }) => {
            const run = list.rowAt(at)
            return (
              <SourceRunRow
                key={at}
                index={at}
                top={start}
                run={run}
                open={run !== undefined && run.id === openId}
                active={at === index}
                nowMs={nowMs}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}
