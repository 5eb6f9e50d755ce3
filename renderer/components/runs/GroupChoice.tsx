import { runGroupings } from '../../../shared/runGroups'
import { navigate, type RunsRoute } from '../../state/route'
import { runsTexts } from '../../texts/en/runs'
import styles from './GroupChoice.module.css'

const words = { failures: runsTexts.equalFailures, workflows: runsTexts.workflows } as const

/** Whether the list has one line for each run, or for each group of them. */
export function GroupChoice({ route }: { readonly route: RunsRoute }) {
  const { group, ...rest } = route
  return (
    <fieldset className={styles.choices} aria-label={runsTexts.show}>
      <button type="button" className={styles.choice} aria-pressed={!group} onClick={() => navigate(rest)}>
        {runsTexts.eachRun}
      </button>
      {runGroupings.map((one) => (
        <button
          key={one}
          type="button"
          className={styles.choice}
          aria-pressed={group === one}
          onClick={() => navigate({ ...rest, group: one })}
        >
          {words[one]}
        </button>
      ))}
    </fieldset>
  )
}
