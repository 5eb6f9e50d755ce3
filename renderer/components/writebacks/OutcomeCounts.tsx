import { itemOutcomes, type Operation } from '../../../shared/operations'
import { outcomeMarks } from '../../texts/operationWords'
import { StatusMark } from '../StatusMark'
import styles from './OutcomeCounts.module.css'

/** How many items came to each outcome. */
export function OutcomeCounts({ counts }: Pick<Operation, 'counts'>) {
  return (
    <span className={styles.counts}>
      {itemOutcomes
        .filter((outcome) => counts[outcome] > 0)
        .map((outcome) => (
          <span key={outcome} className={styles.count}>
            <StatusMark
              status={{
                ...outcomeMarks[outcome],
                word: `${counts[outcome].toLocaleString('en')} ${outcomeMarks[outcome].word.toLowerCase()}`,
              }}
            />
          </span>
        ))}
    </span>
  )
}
