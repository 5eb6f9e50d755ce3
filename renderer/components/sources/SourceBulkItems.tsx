import controls from '../../styles/controls.module.css'
import styles from './SourceActDialog.module.css'

/** The runs of a set, each with what becomes, or came, of it, and why. */
export function SourceBulkItems({
  label,
  items,
}: {
  readonly label: string
  readonly items: readonly {
    readonly runId: string
    readonly workflowName: string
    readonly word: string
    readonly detail: string | null
  }[]
}) {
  return (
    <ul className={styles.steps} aria-label={label}>
      {items.map(({ runId, workflowName, word, detail }) => (
        <li key={runId}>
          <span className={controls.ellipsis} title={`${workflowName} ${runId}`}>
            {workflowName} <span className="mono">{runId}</span>
          </span>
          <span>{word}</span>
          <span className={controls.secondary}>{detail}</span>
        </li>
      ))}
    </ul>
  )
}
