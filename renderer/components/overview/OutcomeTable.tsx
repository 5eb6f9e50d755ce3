import type { OutcomeStretch } from '../../../shared/overview'
import type { RunOutcome } from '../../../shared/rules/runOutcome'
import { overviewTexts } from '../../texts/en/overview'
import { outcomeWords, stretchWords } from '../../texts/outcomeWords'
import styles from './OutcomeChart.module.css'

/** The numbers of an outcome chart, newest first; stretches without a run are left out. */
export function OutcomeTable({
  stretches,
  unit,
  outcomes,
  hrefOf,
}: {
  readonly stretches: readonly OutcomeStretch[]
  readonly unit: 'hour' | 'day'
  readonly outcomes: readonly RunOutcome[]
  readonly hrefOf: (stretch: OutcomeStretch, outcome: RunOutcome | null) => string
}) {
  const shown = stretches.filter(({ total }) => total > 0).toReversed()
  if (shown.length === 0) return <p className={styles.none}>{overviewTexts.noRunBeganInThisTime}</p>
  return (
    <div className={styles.tableBox}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{overviewTexts.began}</th>
            <th scope="col">{overviewTexts.runs}</th>
            {outcomes.map((outcome) => (
              <th key={outcome} scope="col">
                {outcomeWords[outcome].word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((stretch) => (
            <tr key={stretch.from}>
              <th scope="row">{stretchWords(stretch, unit)}</th>
              <td>
                <a href={hrefOf(stretch, null)}>{stretch.total.toLocaleString('en')}</a>
              </td>
              {outcomes.map((outcome) => {
                const count = stretch.counts[outcome] ?? 0
                return (
                  <td key={outcome}>
                    {count === 0 ? '' : <a href={hrefOf(stretch, outcome)}>{count.toLocaleString('en')}</a>}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
