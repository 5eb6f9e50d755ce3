import type { Operation } from '../../../shared/operations'
import controls from '../../styles/controls.module.css'
import { stageWord } from '../../texts/operationWords'
import { duration } from '../../texts/times'
import styles from './OperationProgress.module.css'

/** How far an operation is, and how long it still takes. */
export function OperationProgress({ operation }: { readonly operation: Operation }) {
  const { done, total, remainingMs, state } = operation
  const stage = stageWord(operation)
  return (
    <span className={styles.progress}>
      <progress className={styles.track} max={Math.max(1, total)} value={done} aria-label="Progress" />
      <span className={styles.numbers}>
        {done.toLocaleString('en')} of {total.toLocaleString('en')}
      </span>
      {state === 'running' && (
        <span className={controls.secondary}>
          {stage && `${stage}; `}
          {remainingMs === null ? '' : `about ${duration(Math.max(1000, Math.round(remainingMs / 1000) * 1000))} left`}
        </span>
      )}
    </span>
  )
}
