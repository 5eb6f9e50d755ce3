import { type TypedPlan, toPlan } from '../../state/typedPlan'
import controls from '../../styles/controls.module.css'
import styles from './RetryPlanForm.module.css'

/** Asks how carefully and how fast a bulk retry goes on. */
export function RetryPlanForm({
  plan,
  onChange,
}: {
  readonly plan: TypedPlan
  readonly onChange: (plan: TypedPlan) => void
}) {
  return (
    <fieldset className={styles.plan}>
      <legend>Pace</legend>
      <label>
        <input
          type="checkbox"
          checked={plan.canary}
          onChange={(event) => onChange({ ...plan, canary: event.target.checked })}
        />{' '}
        Try one first, then ten, then the rest; each waits until the ones before are delivered
      </label>
      <label>
        Stop after{' '}
        <input
          className={`${controls.field} ${styles.number}`}
          inputMode="numeric"
          aria-label="Stop after so many failures"
          placeholder="no limit"
          value={plan.stopAfter}
          onChange={(event) => onChange({ ...plan, stopAfter: event.target.value })}
        />{' '}
        failures
      </label>
      <label>
        At most{' '}
        <input
          className={`${controls.field} ${styles.number}`}
          inputMode="decimal"
          aria-label="At most so many a second"
          placeholder="no limit"
          value={plan.perSecond}
          onChange={(event) => onChange({ ...plan, perSecond: event.target.value })}
        />{' '}
        a second
      </label>
      {toPlan(plan) === null && (
        <p role="alert" className={controls.refusal}>
          Give a whole number of failures from 1, and a rate from 0.01 to 100,000 a second, or leave them empty.
        </p>
      )}
    </fieldset>
  )
}
