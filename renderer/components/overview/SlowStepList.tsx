import type { SlowSteps } from '../../../shared/overview'
import { linkToRun } from '../../state/overviewLinks'
import controls from '../../styles/controls.module.css'
import { overviewTexts } from '../../texts/en/overview'
import { duration } from '../../texts/times'
import { counted } from '../../texts/words'
import styles from './Overview.module.css'

/** The steps that take longest; each leads to where it took longest. */
export function SlowStepList({ slow }: { readonly slow: SlowSteps | null }) {
  const longest = Math.max(1, ...(slow?.steps ?? []).map(({ longestMs }) => longestMs))
  return (
    <section className={styles.card} aria-label={overviewTexts.slowestSteps}>
      <div className={styles.head}>
        <h2>{overviewTexts.slowestSteps}</h2>
        {slow && slow.runs > 0 && (
          <span className={controls.secondary}>
            {overviewTexts.ofTheNewest(counted(slow.runs, overviewTexts.endedRun))}
            {slow.leftOut > 0 && overviewTexts.withVeryManySteps(slow.leftOut)}
          </span>
        )}
      </div>
      {slow?.steps.length === 0 && <p className={styles.quiet}>{overviewTexts.noStepHasEnded}</p>}
      <ul className={styles.rows}>
        {slow?.steps.map((step) => (
          <li key={`${step.workspaceId} ${step.workflowName} ${step.stepName}`}>
            <a
              className={styles.row}
              href={linkToRun({ workspaceId: step.workspaceId, id: step.runId }, step.stepId)}
              title={overviewTexts.usuallyAtMostIn(
                duration(step.medianMs),
                duration(step.longestMs),
                counted(step.count, overviewTexts.run),
              )}
            >
              <span className={styles.name}>
                <span className={controls.ellipsis}>{step.stepName}</span>
              </span>
              <span className={`${controls.secondary} ${controls.ellipsis} ${styles.said}`}>{step.workflowName}</span>
              <svg className={styles.spark} height="8" aria-hidden="true">
                <rect className={styles.far} width={`${(100 * step.longestMs) / longest}%`} height="8" />
                <rect className={styles.near} width={`${(100 * step.medianMs) / longest}%`} height="8" />
              </svg>
              <span className={`${styles.when} ${styles.took}`}>
                {duration(step.longestMs)}
                <span className={controls.secondary}> {overviewTexts.usually(duration(step.medianMs))}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
