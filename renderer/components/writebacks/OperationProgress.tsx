import type { Operation } from '../../../shared/operations'
import controls from '../../styles/controls.module.css'
import { operationsTexts } from '../../texts/en/operations'
import { stageWord } from '../../texts/operationWords'
import { duration } from '../../texts/times'
import styles from './OperationProgress.module.css'

/** How far an operation is, and how long it still takes. */
export function OperationProgress({ operation }: { readonly operation: Operation }) {
  const { done, total, remainingMs, state } = operation
  const stage = stageWord(operation)
  return (
    <span className={styles.progress}>
      <progress className={styles.track} max={Math.max(1, total)} value={done} aria-label={operationsTexts.progress} />
      <span className={styles.numbers}>
        {operationsTexts.ofDoneTotal(done.toLocaleString('en'), total.toLocaleString('en'))}
      </span>
      {state === 'running' && (
        <span className={controls.secondary}>
          {stage && `${stage}; `}
          {remainingMs === null
            ? ''
            : operationsTexts.aboutLeft(duration(Math.max(1000, Math.round(remainingMs / 1000) * 1000)))}
        </span>
      )}
    </span>
  )
}
