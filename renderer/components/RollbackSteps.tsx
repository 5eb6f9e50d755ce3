import type { RollbackPlan } from '../../shared/runs'
import { runTexts } from '../texts/en/run'
import styles from './PlannedSteps.module.css'

/** The steps that are to be rolled back, in that order, with their commands. */
export function RollbackSteps({ steps }: { readonly steps: RollbackPlan['steps'] }) {
  if (steps.length === 0) return null
  return (
    <ol className={styles.steps} aria-label={runTexts.whatWillBeRolled}>
      {steps.map(({ name, command }) => (
        <li key={name}>
          <strong>{name}</strong>
          <code className={styles.command}>{command}</code>
        </li>
      ))}
    </ol>
  )
}
