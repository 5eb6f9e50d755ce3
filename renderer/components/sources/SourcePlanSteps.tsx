import type { SourcePlan } from '../../../shared/sourceActs'
import controls from '../../styles/controls.module.css'
import { sourcesTexts } from '../../texts/en/sources'
import styles from './SourceActDialog.module.css'

const looks = { keep: '', run: styles.runs, drop: styles.drop } as const

/** What an act would do to each step that is known. */
export function SourcePlanSteps({ plan }: { readonly plan: SourcePlan }) {
  return (
    <>
      <ul className={styles.steps} aria-label={sourcesTexts.whatBecomesOfEachStep}>
        {plan.steps.map(({ id, name, will, reason }) => (
          <li key={id}>
            <span className={controls.ellipsis} title={name}>
              {name}
            </span>
            <span className={looks[will]}>{sourcesTexts.fates[will]}</span>
            <span className={controls.secondary}>{reason}</span>
          </li>
        ))}
      </ul>
      {plan.cut && <p className={controls.secondary}>{sourcesTexts.moreSteps}</p>}
    </>
  )
}
