import { useEffect } from 'react'
import { toHash } from '../../state/route'
import { useMirror } from '../../state/useMirror'
import controls from '../../styles/controls.module.css'
import { operationsTexts } from '../../texts/en/operations'
import { actWords, operationWord, outcomeMarks } from '../../texts/operationWords'
import { counted } from '../../texts/words'
import { StatusMark } from '../StatusMark'
import { OperationActs } from './OperationActs'
import styles from './OperationPanel.module.css'
import { OperationProgress } from './OperationProgress'
import { OutcomeCounts } from './OutcomeCounts'

/** So many items are named here; the operation's own page has all. */
const mostItems = 4
/** What is sent is asked about again this often until it is confirmed, in ms. */
const followMs = 1_000

/** What becomes of an operation, beside the list that it was begun from. */
export function OperationPanel({
  operationId,
  workspaceId,
  onHide,
}: {
  readonly operationId: string
  readonly workspaceId: string | null
  readonly onHide: () => void
}) {
  const { value, refresh } = useMirror(
    `operation ${operationId}`,
    (client) => client.request('operations:get', { operationId, offset: 0, limit: mostItems }),
    ['operations:changed'],
  )
  const ended = value?.operation.state === 'ended'
  useEffect(() => {
    if (ended) return
    const timer = setInterval(() => void refresh(), followMs)
    return () => clearInterval(timer)
  }, [ended, refresh])
  if (!value) return null
  const { operation, items } = value
  return (
    <section aria-label={operationsTexts.operation} role="status" className={styles.panel}>
      <div className={styles.head}>
        <StatusMark status={operationWord(operation)} />
        <strong>
          {operationsTexts.of(actWords[operation.act], counted(operation.total, operationsTexts.writeback))}
        </strong>
        {operation.total > 1 && <OperationProgress operation={operation} />}
        <OutcomeCounts counts={operation.counts} />
        <span className={controls.spread} />
        <OperationActs operation={operation} onActed={() => void refresh()} />
        <a
          className={controls.button}
          href={toHash({ screen: 'writebacks', workspaceId, view: 'operations', openId: operationId })}
        >
          {operationsTexts.open}
        </a>
        <button type="button" className={controls.plain} onClick={onHide}>
          {operationsTexts.hide}
        </button>
      </div>
      {operation.stopped && <p className={styles.stopped}>{operation.stopped}</p>}
      {operation.total <= mostItems && (
        <ul className={styles.items}>
          {items.map((item) => (
            <li key={item.key}>
              <strong>{item.outcome === null ? operationsTexts.starting : outcomeMarks[item.outcome].word}</strong>{' '}
              <span className="mono">{item.path}</span> <span className={controls.secondary}>{item.detail}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
