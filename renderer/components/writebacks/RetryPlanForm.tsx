import { type TypedPlan, toPlan } from '../../state/typedPlan'
import controls from '../../styles/controls.module.css'
import { operationsTexts } from '../../texts/en/operations'
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
      <legend>{operationsTexts.pace}</legend>
      <label>
        <input
          type="checkbox"
          checked={plan.canary}
          onChange={(event) => onChange({ ...plan, canary: event.target.checked })}
        />{' '}
        {operationsTexts.tryOneFirstThen}
      </label>
      <label>
        {operationsTexts.stopAfter}{' '}
        <input
          className={`${controls.field} ${styles.number}`}
          inputMode="numeric"
          aria-label={operationsTexts.stopAfterSoMany}
          placeholder={operationsTexts.noLimit}
          value={plan.stopAfter}
          onChange={(event) => onChange({ ...plan, stopAfter: event.target.value })}
        />{' '}
        {operationsTexts.failures}
      </label>
      <label>
        {operationsTexts.atMost}{' '}
        <input
          className={`${controls.field} ${styles.number}`}
          inputMode="decimal"
          aria-label={operationsTexts.atMostSoMany}
          placeholder={operationsTexts.noLimit}
          value={plan.perSecond}
          onChange={(event) => onChange({ ...plan, perSecond: event.target.value })}
        />{' '}
        {operationsTexts.aSecond}
      </label>
      {toPlan(plan) === null && (
        <p role="alert" className={controls.refusal}>
          {operationsTexts.giveAWholeNumber}
        </p>
      )}
    </fieldset>
  )
}
