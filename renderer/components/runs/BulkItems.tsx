import type { BulkItem } from '../../../shared/runBulk'
import { useNow } from '../../state/useNow'
import { useVirtualRows } from '../../state/useVirtualRows'
import controls from '../../styles/controls.module.css'
import { operationsTexts } from '../../texts/en/operations'
import { ago, fullTime } from '../../texts/times'
import { runStatusWord } from '../../texts/words'
import { StatusMark } from '../StatusMark'
import styles from './BulkItems.module.css'

interface ShownItem extends Omit<BulkItem, 'way' | 'reason'> {
  /** What becomes, or came, of it, and why. */
  readonly word: string
  readonly tone: 'plain' | 'waiting' | 'failed'
  readonly detail: string | null
}

/** The runs of a set, each with what becomes of it. */
export function BulkItems({ label, items }: { readonly label: string; readonly items: readonly ShownItem[] }) {
  const nowMs = useNow()
  const { scroller, rows, height } = useVirtualRows({ count: items.length, rowHeight: 28, index: -1 })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section ref={scroller} className={styles.scroll} tabIndex={0} aria-label={label}>
      <ul className={styles.items} style={{ height }}>
        {rows.map(({ index, start }) => {
          const item = items[index]
          if (!item) return null
          const { workspaceId, runId, workflowName, status, liveness, startedAt, word, tone, detail } = item
          return (
            <li key={`${workspaceId} ${runId}`} className={styles.item} style={{ transform: `translateY(${start}px)` }}>
              <span className={styles[tone]}>{word}</span>
              <StatusMark status={runStatusWord({ status, liveness, retry: null })} />
              <span className={controls.ellipsis} title={workflowName}>
                {workflowName} <span className={`mono ${styles.quiet}`}>{runId.slice(0, 8)}</span>
              </span>
              <span className={`${controls.ellipsis} ${styles.quiet}`} title={detail ?? fullTime(startedAt)}>
                {detail ?? operationsTexts.started(ago(startedAt, nowMs))}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
