import type { Finding } from '../../shared/workflows'
import { startTexts } from '../texts/en/start'
import styles from './FindingList.module.css'

const words = { error: startTexts.error, warning: startTexts.warning } as const
const marks = { error: '✕', warning: '⚠' } as const

/** Everything that is wrong or doubtful in a workflow file, with its place. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null
  return (
    <ul className={styles.findings} aria-label={startTexts.findings}>
      {findings.map((finding) => (
        <li key={JSON.stringify(finding)} className={styles[finding.severity]}>
          <span className={styles.severity}>
            <span aria-hidden="true">{marks[finding.severity]}</span> {words[finding.severity]}
          </span>
          <span className={`mono ${styles.place}`}>
            {finding.file}
            {finding.line !== null && `:${finding.line}:${finding.column ?? 1}`}
          </span>
          <span className={styles.message}>{finding.message}</span>
        </li>
      ))}
    </ul>
  )
}
