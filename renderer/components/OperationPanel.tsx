import { useEffect } from 'react'
import { useMirror } from '../state/useMirror'
import controls from '../styles/controls.module.css'
import { counted, outcomeWords } from '../texts/words'

/** What becomes of each item of a running or ended operation. */
export function OperationPanel({
  operationId,
  onClose,
}: {
  readonly operationId: string
  readonly onClose: () => void
}) {
  const { value, refresh } = useMirror(
    `operation ${operationId}`,
    (client) => client.request('operations:get', { operationId }),
    ['operations:changed', 'writebacks:changed'],
  )
  const ended = value?.operation.endedAt !== null && value !== null
  useEffect(() => {
    if (ended) return
    const timer = setInterval(() => void refresh(), 1000)
    return () => clearInterval(timer)
  }, [ended, refresh])
  if (!value) return null
  const { operation, items } = value
  const { delivered } = operation.counts
  return (
    <section
      aria-label="Operation"
      role="status"
      style={{ padding: '6px 12px', borderBottom: '1px solid var(--line)', maxHeight: 160, overflow: 'auto' }}
    >
      <div style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
        <strong>
          Retry of {counted(operation.total, 'writeback')}: {delivered} delivered
        </strong>
        <span className={`mono ${controls.secondary}`}>{operation.id}</span>
        <span className={controls.spread} />
        <button type="button" className={controls.plain} onClick={onClose}>
          Hide
        </button>
      </div>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {items.map((item) => (
          <li key={item.key}>
            <strong>{item.outcome === null ? 'Starting' : outcomeWords[item.outcome]}</strong>{' '}
            <span className="mono">{item.path}</span> <span className={controls.secondary}>{item.detail}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
